import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sshKeyPair } from '@decent-cloud/offchain-bridge/secrets/openssh-key.ts';

const OWNER_ONLY = 0o600;
const SEED_BYTES = 32;

/** The demo renter's SSH key, as files that `ssh -i` takes. Made once for a state directory. */
export function loadRenterKey(stateDir: string): {
  readonly file: string;
  readonly publicLine: string;
} {
  const folder = join(stateDir, 'demo');
  const file = join(folder, 'renter_ed25519');
  if (!existsSync(file)) {
    mkdirSync(folder, { recursive: true });
    const { privateKey, publicLine } = sshKeyPair(new Uint8Array(randomBytes(SEED_BYTES)));
    writeFileSync(`${file}.pub`, `${publicLine} demo-renter\n`);
    writeFileSync(file, privateKey, { mode: OWNER_ONLY });
  }
  return { file, publicLine: readFileSync(`${file}.pub`, 'utf8').trim() };
}
