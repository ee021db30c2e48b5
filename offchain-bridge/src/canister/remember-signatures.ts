import { blsVerify } from '@dfinity/agent';

/** Whether the key made that signature of the message. Source: draft-irtf-cfrg-bls-signature. */
export type VerifySignature = (
  key: Uint8Array,
  signature: Uint8Array,
  message: Uint8Array,
) => boolean;

/** A round of the network has one; a subnet's own delegation lasts for weeks. */
const KEPT_MAX = 64;

/**
 * Verifies each signature once: answers that were made in one round share theirs, and each carries the
 * same delegation of the subnet. Verifying one takes some 40 ms. A bad one is never remembered.
 */
export function rememberSignatures(verify: VerifySignature = blsVerify): VerifySignature {
  const good = new Set<string>();
  return (key, signature, message) => {
    const name = [key, signature, message]
      .map((bytes) => Buffer.from(bytes).toString('base64'))
      .join(' ');
    if (good.has(name)) return true;
    if (!verify(key, signature, message)) return false;
    const [oldest] = good;
    if (good.size >= KEPT_MAX && oldest !== undefined) good.delete(oldest);
    good.add(name);
    return true;
  };
}
