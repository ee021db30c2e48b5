import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ed25519KeyIdentity } from '@dfinity/identity';

const OWNER_ONLY = 0o600;

/**
 * The identity that controls what `npm start` deploys. Made once for a state directory, so that the
 * next start may upgrade what this one installed. For the local network only.
 */
export function loadDeployer(stateDir: string): Ed25519KeyIdentity {
  const file = join(stateDir, 'deployer.json');
  if (existsSync(file)) return Ed25519KeyIdentity.fromJSON(readFileSync(file, 'utf8'));
  mkdirSync(stateDir, { recursive: true });
  const identity = Ed25519KeyIdentity.generate();
  writeFileSync(file, JSON.stringify(identity.toJSON()), { mode: OWNER_ONLY });
  return identity;
}
