import { verifySignature, type VerifySignature } from './verify-signature.ts';

/** A round of the network has one; a subnet's own delegation lasts for weeks. */
const KEPT_MAX = 64;

/**
 * Verifies each signature once: answers that were made in one round share theirs, and each carries the
 * same delegation of the subnet. A bad one is never remembered.
 */
export function rememberSignatures(verify: VerifySignature = verifySignature) {
  const known = new Map<string, Promise<boolean>>();
  return async (key: Uint8Array, signature: Uint8Array, message: Uint8Array): Promise<boolean> => {
    const name = [key, signature, message]
      .map((bytes) => Buffer.from(bytes).toString('base64'))
      .join(' ');
    const before = known.get(name);
    if (before !== undefined) return before;
    const [oldest] = known.keys();
    if (known.size >= KEPT_MAX && oldest !== undefined) known.delete(oldest);
    const verdict = Promise.resolve(verify(key, signature, message));
    known.set(name, verdict);
    const isGood = await verdict.catch((error: unknown) => {
      known.delete(name);
      throw error;
    });
    if (!isGood) known.delete(name);
    return isGood;
  };
}
