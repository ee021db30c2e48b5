import { Buffer } from 'node:buffer';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ageRecipientOf, bech32Of } from '../../testing/accounts.fake.ts';
import { isAgeRecipient, isAgeSealed } from './age.ts';
import { isBech32 } from './bech32.ts';

/** From the documentation of age. */
const RECIPIENT = 'age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p';
const CHARS = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l';

describe('isAgeRecipient', () => {
  it('takes recipients', () => {
    expect(isAgeRecipient(RECIPIENT)).toBe(true);
    expect(isAgeRecipient(ageRecipientOf('somebody'))).toBe(true);
  });

  it('refuses every recipient with one or two characters wrong', () => {
    const place = fc.integer({ min: 4, max: RECIPIENT.length - 1 });
    const wrong = fc.tuple(place, fc.constantFrom(...Array.from(CHARS)));
    fc.assert(
      fc.property(fc.array(wrong, { minLength: 1, maxLength: 2 }), (changes) => {
        const chars = Array.from(RECIPIENT);
        for (const [at, char] of changes) chars[at] = char;
        const changed = chars.join('');
        expect(isAgeRecipient(changed)).toBe(changed === RECIPIENT);
      }),
      { numRuns: 1_000 },
    );
  });

  it('refuses more than 32 bytes under a right checksum', () => {
    const words = Array.from({ length: 51 }, (_, index) => index % 32);
    const isTaken = (last: number) => isAgeRecipient(bech32Of('age', [...words, last]));
    const taken = Array.from({ length: 32 }, (_, last) => last).filter(isTaken);
    expect(taken).toEqual([0, 16]);
  });

  it.each([
    ['upper case', RECIPIENT.toUpperCase()],
    ['a secret key', 'AGE-SECRET-KEY-1QYQSZQGPQYQSZQGPQYQSZQGPQYQSZQGPQYQSZQGPQYQSZQGPQYQSXXXXXX'],
    ['spaces', ` ${RECIPIENT}`],
    ['a cut one', RECIPIENT.slice(0, -1)],
    ['nothing', ''],
  ])('refuses %s', (_name, value) => {
    expect(isAgeRecipient(value)).toBe(false);
  });
});

describe('isBech32', () => {
  /** Source: BIP 173, "Test vectors". */
  it.each([
    ['a12uel5l', 'a', 0, true],
    ['abcdef1qpzry9x8gf2tvdw0s3jn54khce6mua7lmqqqxw', 'abcdef', 32, true],
    ['split1checkupstagehandshakeupstreamerranterredcaperred2y9e3w', 'split', 48, true],
    ['split1checkupstagehandshakeupstreamerranterredcaperred2y9e3w', 'split', 47, false],
    ['A12uel5l', 'A', 0, false],
    ['a12uel5b', 'a', 0, false],
  ])('judges %s', (value, prefix, dataLength, isRight) => {
    expect(isBech32(value, { prefix, dataLength })).toBe(isRight);
  });
});

describe('isAgeSealed', () => {
  it.each([
    ['age-encryption.org/v1\n-> X25519 a', true],
    ['-----BEGIN AGE ENCRYPTED FILE-----\nYWdl', true],
    ['age-encryption.org/v1\n', false],
    ['age-encryption.org/v2\n-> X25519 a', false],
    ['AGE-SECRET-KEY-1QYQSZQGPQYQSZQGPQYQSZ', false],
    ['{"token":"secret"}', false],
    ['', false],
  ])('judges %j', (text, isSealed) => {
    expect(isAgeSealed(new Uint8Array(Buffer.from(text)))).toBe(isSealed);
  });
});
