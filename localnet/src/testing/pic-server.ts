import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { TestProject } from 'vitest/node';

/**
 * Vitest global set-up: one PocketIC server for the whole run. It is localnet's own, or the real
 * one if POCKET_IC_BIN names its binary; tests cannot tell and need not.
 */

declare module 'vitest' {
  interface ProvidedContext {
    /** Where `PocketIc.create` finds the server. */
    readonly picUrl: string;
  }
}

const OWN_SERVER = fileURLToPath(new URL('../../bin/pocket-ic', import.meta.url));
/** A run that was killed must not leave its server behind for longer than this. */
const TTL_S = 600;
/** Other tests may run for longer than that before one asks the server something. */
const ASK_EVERY_MS = 60_000;
const START_TIMEOUT_MS = 60_000;
const POLL_MS = 20;
const LOG_TAIL_CHARS = 20_000;

export interface PicServer {
  readonly url: string;
  stop(): Promise<void>;
}

/** Called by vitest before the first test; what it returns is called after the last. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await startPicServer(process.env['POCKET_IC_BIN'] ?? OWN_SERVER);
  project.provide('picUrl', server.url);
  return () => server.stop();
}

/** Starts a PocketIC server binary on a free port. Rejects if it does not come up. */
export async function startPicServer(binary = OWN_SERVER): Promise<PicServer> {
  const folder = await mkdtemp(join(tmpdir(), 'pic-server-'));
  const portFile = join(folder, 'port');
  const child = spawn(binary, ['--port-file', portFile, '--ttl', TTL_S.toString()], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const log = keepTail(child.stderr);
  const exit = once(child, 'exit');
  child.once('exit', (code, signal) => {
    if (signal !== 'SIGTERM' && code !== 0) process.stderr.write(`PocketIC server died:\n${log()}`);
  });
  let asking: NodeJS.Timeout | undefined;
  const stop = async (): Promise<void> => {
    clearInterval(asking);
    child.kill('SIGTERM');
    await exit;
    await rm(folder, { recursive: true });
  };
  try {
    const port = await Promise.race([pollPort(portFile), exit.then(failStart)]);
    const url = `http://127.0.0.1:${port}`;
    asking = setInterval(() => void askStatus(url), ASK_EVERY_MS).unref();
    return { url, stop };
  } catch (error) {
    await rm(folder, { recursive: true });
    throw error;
  }
}

/** Keeps a server from ending because nobody asks it anything. */
async function askStatus(url: string): Promise<void> {
  try {
    const response = await fetch(`${url}/status`);
    await response.arrayBuffer();
  } catch (error) {
    process.stderr.write(`PocketIC server does not answer: ${String(error)}\n`);
  }
}

function failStart(): never {
  throw new Error('The PocketIC server ended at its start.');
}

async function pollPort(portFile: string): Promise<number> {
  const deadlineMs = Date.now() + START_TIMEOUT_MS;
  while (Date.now() < deadlineMs) {
    const text = await readFile(portFile, 'utf8').catch(() => '');
    if (text.endsWith('\n')) return Number(text);
    await delay(POLL_MS, undefined, { ref: false });
  }
  throw new Error(`The PocketIC server did not start within ${START_TIMEOUT_MS} ms.`);
}

/** Canisters may print a lot; only what came last helps when the server dies. */
function keepTail(stream: Readable): () => string {
  let tail = '';
  stream.setEncoding('utf8');
  stream.on('data', (text: string) => {
    tail = (tail + text).slice(-LOG_TAIL_CHARS);
  });
  return () => tail;
}
