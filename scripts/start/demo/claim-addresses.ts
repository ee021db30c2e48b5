import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { CLOUD_FOLDERS } from '../forget-local-cloud.ts';
import { StartError } from '../start-error.ts';

/** Of this computer's own addresses, 127.0.0.0/8. */
const PREFIXES = Array.from({ length: 20 }, (_none, index) => `127.${(232 + index).toString()}`);
/** No server has it: whoever listens there has the addresses. */
const CLAIM = { host: '255.254', port: 2_222 };

/** Addresses for the servers of one local cloud, which no other one on this computer uses meanwhile. */
export interface ClaimedAddresses {
  /** The first half of each: `127.20`. */
  readonly prefix: string;
  release(): void;
}

/**
 * Takes the addresses that the state directory's servers have already, or free ones. Throws `StartError`
 * if another running cloud has them.
 */
export async function claimAddresses(stateDir: string): Promise<ClaimedAddresses> {
  const folder = join(stateDir, CLOUD_FOLDERS.cloud);
  const file = join(folder, 'addresses.txt');
  const kept = existsSync(file) ? readFileSync(file, 'utf8') : undefined;
  for (const prefix of kept === undefined ? inOrderFor(stateDir) : [kept]) {
    const release = await listen(prefix);
    if (release === undefined) continue;
    mkdirSync(folder, { recursive: true });
    writeFileSync(file, prefix);
    return { prefix, release };
  }
  throw new StartError(
    kept === undefined
      ? 'Too many local clouds run on this computer. Stop one of them.'
      : `Another local cloud uses the addresses ${kept}.x.x, which servers of this one have.\n` +
          'Stop it first, or begin anew with --clean.',
  );
}

/** Clouds begin to look at different places, so that hardly one takes what another has let go for a moment. */
function inOrderFor(stateDir: string): readonly string[] {
  const [byte = 0] = createHash('sha256').update(stateDir).digest();
  const first = byte % PREFIXES.length;
  return [...PREFIXES.slice(first), ...PREFIXES.slice(0, first)];
}

/** Undefined if somebody listens there. */
async function listen(prefix: string): Promise<(() => void) | undefined> {
  const server = createServer((socket) => socket.destroy());
  server.listen(CLAIM.port, `${prefix}.${CLAIM.host}`);
  try {
    await once(server, 'listening');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') return undefined;
    throw error;
  }
  return () => server.close();
}
