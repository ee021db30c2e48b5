import { setTimeout as delay } from 'node:timers/promises';
import { resolve } from 'node:path';
import { decodeCbor } from '../crypto/cbor.ts';
import { isAlive } from '../persist/process-identity.ts';
import { holderOf } from '../persist/state-lock.ts';
import { UsageError } from './usage-error.ts';

const STOP_TIMEOUT_MS = 30_000;
const POLL_MS = 50;

/** `localnet status`: prints where the network serves. Errors: `UsageError` if none runs. */
export async function runStatus(stateDir: string): Promise<void> {
  const holder = holderOf(stateDir);
  if (holder === undefined) throw notRunning(stateDir);
  if (holder.url === null) {
    process.stdout.write(`The network in ${resolve(stateDir)} is starting (${holder.pid}).\n`);
    return;
  }
  const rootKey = await fetchRootKeyHex(holder.url);
  process.stdout.write(
    `URL       ${holder.url}\nRoot key  ${rootKey}\nProcess   ${holder.pid}\n` +
      `State     ${resolve(stateDir)}\n`,
  );
}

/** `localnet stop`: ends the network and waits until its state is saved. Errors: `UsageError`. */
export async function runStop(stateDir: string): Promise<void> {
  const holder = holderOf(stateDir);
  if (holder === undefined) throw notRunning(stateDir);
  process.kill(holder.pid, 'SIGTERM');
  const deadline = Date.now() + STOP_TIMEOUT_MS;
  while (isAlive(holder)) {
    if (Date.now() > deadline) {
      throw new UsageError(`process ${holder.pid} did not end within ${STOP_TIMEOUT_MS / 1_000} s`);
    }
    await delay(POLL_MS);
  }
  process.stdout.write('Stopped.\n');
}

async function fetchRootKeyHex(url: string): Promise<string> {
  const response = await fetch(`${url}/api/v2/status`);
  const status = decodeCbor(new Uint8Array(await response.arrayBuffer()));
  const rootKey: unknown = status instanceof Map ? status.get('root_key') : undefined;
  if (!(rootKey instanceof Uint8Array)) throw new UsageError(`${url} is no Internet Computer`);
  return Buffer.from(rootKey).toString('hex');
}

/** What to do when a command needs a network and none runs. */
export function notRunning(stateDir: string): UsageError {
  return new UsageError(`no network runs in ${resolve(stateDir)}; start one with: localnet start`);
}
