import { randomBytes } from 'node:crypto';
import { sshKeyPair } from '../../../offchain-bridge/src/secrets/openssh-key.ts';

const SEED_BYTES = 32;

/** The line of a key that nobody keeps. */
export function newRenterKey(): string {
  return `${sshKeyPair(randomBytes(SEED_BYTES)).publicLine} renter`;
}
