import { bls12_381 } from '@noble/curves/bls12-381.js';
import { fc, it as property } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { verifySignature } from './verify-signature.ts';

const { shortSignatures: scheme, G1, G2 } = bls12_381;
const RUNS = 25;
const bytes = (length: number): fc.Arbitrary<Uint8Array> =>
  fc.uint8Array({ minLength: length, maxLength: length });
const secret = fc.bigInt({ min: 1n, max: bls12_381.fields.Fr.ORDER - 1n });
const message = fc.uint8Array({ maxLength: 80 });

function publicKeyOf(of: bigint): Uint8Array {
  return G2.Point.BASE.multiply(of).toBytes(true);
}

function sign(what: Uint8Array, by: bigint): Uint8Array {
  return scheme.hash(what).multiply(by).toBytes(true);
}

/** The other implementation; it throws for what is no point. */
function verifyAgain(key: Uint8Array, signature: Uint8Array, what: Uint8Array): boolean {
  try {
    return scheme.verify(signature, scheme.hash(what), key);
  } catch (error) {
    if (error instanceof Error) return false;
    throw error;
  }
}

function changed(of: Uint8Array, at: number, bit: number): Uint8Array {
  const copy = Uint8Array.from(of);
  copy[at % copy.length] = (copy[at % copy.length] ?? 0) ^ (1 << bit);
  return copy;
}

/** On the curve, but not in the group that signatures are of. */
function strayPoint(): Uint8Array {
  for (let x = 1n; ; x += 1n) {
    const compressed = Uint8Array.from(Buffer.from(x.toString(16).padStart(96, '0'), 'hex'));
    compressed[0] = 0x80;
    try {
      G1.Point.fromBytes(compressed).assertValidity();
    } catch (error) {
      if (error instanceof Error && error.message.includes('subgroup')) return compressed;
    }
  }
}

describe('verifySignature', () => {
  property.prop([secret, message], { numRuns: RUNS })(
    'takes what the key has signed',
    async (key, what) => {
      expect(await verifySignature(publicKeyOf(key), sign(what, key), what)).toBe(true);
    },
  );

  property.prop([secret, secret, message, message], { numRuns: RUNS })(
    'refuses what another key has signed, and another message',
    async (key, otherKey, what, other) => {
      fc.pre(key !== otherKey && Buffer.compare(what, other) !== 0);
      const publicKey = publicKeyOf(key);
      expect(await verifySignature(publicKey, sign(what, otherKey), what)).toBe(false);
      expect(await verifySignature(publicKey, sign(other, key), what)).toBe(false);
    },
  );

  property.prop([secret, message, fc.nat(), fc.nat({ max: 7 })], { numRuns: RUNS })(
    'says of changed bytes what another implementation says',
    async (key, what, at, bit) => {
      const [publicKey, signature] = [publicKeyOf(key), sign(what, key)];
      const badSignature = changed(signature, at, bit);
      const badKey = changed(publicKey, at, bit);
      expect(await verifySignature(publicKey, badSignature, what)).toBe(
        verifyAgain(publicKey, badSignature, what),
      );
      expect(await verifySignature(badKey, signature, what)).toBe(
        verifyAgain(badKey, signature, what),
      );
    },
  );

  property.prop([bytes(96), bytes(48), message], { numRuns: RUNS })(
    'refuses any bytes without throwing',
    async (key, signature, what) => {
      expect(await verifySignature(key, signature, what)).toBe(false);
    },
  );

  const what = Uint8Array.of(1, 2, 3);
  const neutralG1 = G1.Point.ZERO.toBytes(true);
  const neutralG2 = G2.Point.ZERO.toBytes(true);
  it.each([
    ['the neutral point as a signature', publicKeyOf(7n), neutralG1],
    ['the neutral point as a key', neutralG2, sign(what, 7n)],
    ['neutral points for both', neutralG2, neutralG1],
    ['a point outside of the group', publicKeyOf(7n), strayPoint()],
    ['a signature that is too short', publicKeyOf(7n), sign(what, 7n).subarray(1)],
    ['a signature that is too long', publicKeyOf(7n), Uint8Array.of(...sign(what, 7n), 0)],
    ['a key that is not compressed', G2.Point.BASE.multiply(7n).toBytes(false), sign(what, 7n)],
    ['no bytes at all', new Uint8Array(), new Uint8Array()],
  ])('refuses %s', async (_name, key, signature) => {
    expect(await verifySignature(key, signature, what)).toBe(false);
  });

  it('goes on with more keys than it keeps tables of', async () => {
    const keys = Array.from({ length: 20 }, (_, index) => BigInt(index + 2));
    for (const key of [...keys, ...keys]) {
      expect(await verifySignature(publicKeyOf(key), sign(what, key), what)).toBe(true);
    }
  });
});
