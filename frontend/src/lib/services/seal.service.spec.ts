import { hkdfSync } from 'node:crypto';
import { bech32 } from '@scure/base';
import { Decrypter, Encrypter, identityToRecipient } from 'age-encryption';
import { mnemonicToSeedSync } from '@scure/bip39';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ageIdentityOfSeed } from './age-key.service.ts';
import {
  newAgeIdentity,
  openWith,
  openWithPassphrase,
  recipientOf,
  sealTo,
  sealWithPassphrase,
} from './seal.service.ts';

const PHRASE =
  'abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about';
const FAST = 4;

describe('sealTo and openWith', () => {
  it('give back what was sealed, of any length', async () => {
    const identity = await newAgeIdentity();
    const recipient = await recipientOf(identity);
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200_000 }), async (plain) => {
        expect(await openWith(identity, await sealTo(recipient, plain))).toEqual(plain);
      }),
      { numRuns: 20 },
    );
  });

  it('read and write what age itself does', async () => {
    const identity = await newAgeIdentity();
    const recipient = await identityToRecipient(identity);
    const encrypter = new Encrypter();
    encrypter.addRecipient(recipient);
    const foreign = await encrypter.encrypt('from elsewhere');
    expect(new TextDecoder().decode(await openWith(identity, foreign))).toBe('from elsewhere');
    const decrypter = new Decrypter();
    decrypter.addIdentity(identity);
    const own = await sealTo(recipient, new TextEncoder().encode('from here'));
    expect(await decrypter.decrypt(own, 'text')).toBe('from here');
  });

  it('open nothing that was sealed to somebody else, or was changed', async () => {
    const [mine, yours] = await Promise.all([newAgeIdentity(), newAgeIdentity()]);
    const sealed = await sealTo(await recipientOf(yours), new Uint8Array([1, 2, 3]));
    await expect(openWith(mine, sealed)).rejects.toThrow(/no identity matched/);
    sealed[sealed.length - 1] = (sealed.at(-1) ?? 0) ^ 1;
    await expect(openWith(yours, sealed)).rejects.toThrow(/./);
  });

  it('refuse a recipient with a letter wrong', async () => {
    const recipient = await recipientOf(await newAgeIdentity());
    const wrong = recipient.replace(/.$/, (last) => (last === 'q' ? 'p' : 'q'));
    await expect(sealTo(wrong, new Uint8Array())).rejects.toThrow(/./);
  });
});

describe('sealWithPassphrase and openWithPassphrase', () => {
  it('tell a wrong passphrase from a file that is none', async () => {
    const text = await newAgeIdentity();
    const sealed = await sealWithPassphrase({ text, passphrase: 'one two', workFactor: FAST });
    expect(await openWithPassphrase(sealed, 'one two')).toBe(text);
    expect(await openWithPassphrase(sealed, 'one too')).toBeUndefined();
    await expect(openWithPassphrase(new Uint8Array([1]), 'one two')).rejects.toThrow(/./);
  });
});

describe('ageIdentityOfSeed', () => {
  it('derives the same key everywhere: HKDF-SHA256 of the seed, as age writes it', async () => {
    const seed = mnemonicToSeedSync(PHRASE);
    const key = new Uint8Array(hkdfSync('sha256', seed, '', 'decent-cloud/age/v1', 32));
    const expected = bech32.encodeFromBytes('AGE-SECRET-KEY-', key).toUpperCase();
    const identity = await ageIdentityOfSeed(new Uint8Array(seed));
    expect(identity).toBe(expected);
    expect(await recipientOf(identity)).toBe(
      'age1fyaaj68daefm3fcywe4c2wd0vk4keeqf9m00s6ynj4jczfctvphqdjlv7x',
    );
  });
});
