import { request } from 'node:http';
import { resolve } from 'node:path';
import { holderOf } from '../persist/state-lock.ts';
import { notRunning } from './run-status.ts';
import type { TimeCommand } from './time-args.ts';
import { TIME_PATH } from './time-routes.ts';
import { UsageError } from './usage-error.ts';

const NS_PER_MS = 1_000_000n;

/** `localnet time`: shows or moves the time of the network in a state directory. Errors: `UsageError`. */
export async function runTime(command: TimeCommand, stateDir: string): Promise<void> {
  const url = holderOf(stateDir)?.url;
  if (typeof url !== 'string') throw notRunning(stateDir);
  const body =
    command.kind === 'now'
      ? undefined
      : JSON.stringify({ advance_ns: command.durationNs.toString() });
  const answer = await ask(new URL(TIME_PATH, url), body);
  const digits = /"time_ns":"(\d+)"/.exec(answer)?.[1];
  if (digits === undefined) {
    throw new UsageError(`the network in ${resolve(stateDir)} did not do it: ${answer}`);
  }
  const shown = new Date(Number(BigInt(digits) / NS_PER_MS)).toISOString();
  process.stdout.write(command.kind === 'now' ? `${digits}\n` : `It is now ${shown}.\n`);
}

/** Without a time limit, which `fetch` has: months take minutes to pass. */
function ask(url: URL, body: string | undefined): Promise<string> {
  return new Promise((settle, reject) => {
    const asked = request(url, {
      method: body === undefined ? 'GET' : 'POST',
      headers: body === undefined ? {} : { 'content-type': 'application/json' },
    });
    asked.on('error', reject);
    asked.on('response', (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.on('end', () => settle(text)).on('error', reject);
    });
    asked.end(body);
  });
}
