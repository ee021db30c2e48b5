import { managedLabels } from '../../core/server-labels.ts';
import { WorkError } from '../../core/work-error.ts';
import type { Call, HetznerCalls, Sending } from './hetzner-calls.ts';
import { codeOf, HetznerError, isGone } from './hetzner-error.ts';
import { readServer } from './hetzner-lists.ts';
import { serverOf } from './hetzner.mapper.ts';

const ORDER: Sending = { priority: 'delete', purpose: { kind: 'delete' } };
const UNPROTECT: Sending = {
  priority: 'delete',
  purpose: { kind: 'act', isRepeatable: true },
};
const MAX_TRIES = 5;
const PAUSE_MS = 1_000;

/**
 * Orders the deletion; a server that is gone, or on its way, is no error. Somebody may have protected it
 * in the Hetzner Console: the protection of a server that bears our label is taken off, no other's.
 */
export async function deleteServer(calls: HetznerCalls, call: Call, id: number): Promise<void> {
  try {
    await calls.send(call, ORDER, (api, options) => api.deleteServer(id, options));
  } catch (error) {
    if (isGone(error)) return;
    if (hasCode(error, ['protected'])) {
      await deleteProtected(calls, call, id);
    } else if (!hasCode(error, ['locked']) || !(await isOnItsWay(calls, call, id))) {
      throw error;
    }
  }
}

/** A deletion that was ordered before, perhaps with an answer that was lost, locks the server. */
async function isOnItsWay(calls: HetznerCalls, call: Call, id: number): Promise<boolean> {
  const row = await readServer(calls, call, { id, priority: 'delete' });
  return row === undefined || serverOf(row).status === 'deleting';
}

async function deleteProtected(calls: HetznerCalls, call: Call, id: number): Promise<void> {
  try {
    await refuseStranger(calls, call, id);
    await calls.send(call, UNPROTECT, (api, options) => api.unprotectServer(id, options));
    // The protection goes by an action, which takes a moment.
    for (let tries = 1; ; tries += 1) {
      try {
        await calls.send(call, ORDER, (api, options) => api.deleteServer(id, options));
        return;
      } catch (error) {
        if (tries >= MAX_TRIES || !hasCode(error, ['protected', 'locked'])) throw error;
      }
      await calls.pause(call, PAUSE_MS);
    }
  } catch (error) {
    if (!isGone(error)) throw error;
  }
}

async function refuseStranger(calls: HetznerCalls, call: Call, id: number): Promise<void> {
  const row = await readServer(calls, call, { id, priority: 'delete' });
  if (row === undefined) return;
  const { name, labels } = row;
  if (Object.entries(managedLabels()).every(([key, value]) => labels[key] === value)) return;
  throw new WorkError(
    'config',
    `The server ${name} is protected at Hetzner and is not ours by its labels; nothing was touched.`,
  );
}

function hasCode(error: unknown, codes: readonly string[]): boolean {
  const code = error instanceof HetznerError ? codeOf(error) : undefined;
  return code !== undefined && codes.includes(code);
}
