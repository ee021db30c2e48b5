import { readMyAccount } from '../api/account.api.ts';
import type { Rental } from '../api/wire.ts';
import { opensshKeyPair, type KeyPair } from '../services/ssh-key.service.ts';
import { app } from './app.state.svelte.ts';
import { Resource } from './resource.state.svelte.ts';

/** Of a seed, and of a public key. Source: RFC 8032 §5.1.5. */
const ED25519_BYTES = 32;

/** The public keys that somebody keeps in their account. */
export class AccountKeys {
  readonly keys = new Resource<readonly Rental.SshKey[]>(
    async () => (await readMyAccount(app.actors.rental))?.ssh_keys ?? [],
    { what: 'The keys of your account could not be read.' },
  );
}

/** A new Ed25519 key pair, made on this device; the private half is nowhere else. */
export async function newKeyPair(comment: string): Promise<KeyPair> {
  const { Ed25519KeyIdentity } = await import('@dfinity/identity');
  const { publicKey, secretKey } = Ed25519KeyIdentity.generate().getKeyPair();
  return opensshKeyPair({
    seed: secretKey.slice(0, ED25519_BYTES),
    publicKey: new Uint8Array(publicKey.toDer()).slice(-ED25519_BYTES),
    comment,
  });
}
