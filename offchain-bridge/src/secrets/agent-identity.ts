import { createPrivateKey } from 'node:crypto';
import { Ed25519KeyIdentity } from '@dfinity/identity';
import type { AgentKeys } from './agent-folder.ts';

/** Signs calls to the canister; its principal is what sellers grant. */
export function identityOf({ identityPem }: Pick<AgentKeys, 'identityPem'>): Ed25519KeyIdentity {
  const { d } = createPrivateKey(identityPem).export({ format: 'jwk' });
  if (d === undefined) throw new TypeError('not an Ed25519 key');
  return Ed25519KeyIdentity.fromSecretKey(new Uint8Array(Buffer.from(d, 'base64url')));
}
