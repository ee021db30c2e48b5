import {
  armor,
  Decrypter,
  Encrypter,
  generateX25519Identity,
  identityToRecipient,
} from 'age-encryption';
import { beforeAll, describe, expect, it } from 'vitest';
import { WorkError } from '../core/work-error.ts';
import { openCredentials, openRecipeSecrets, sealForRenter } from './age-files.ts';

let identity = '';
let recipient = '';
let stranger = '';

beforeAll(async () => {
  identity = await generateX25519Identity();
  recipient = await identityToRecipient(identity);
  stranger = await generateX25519Identity();
});

function seal(text: string | Uint8Array): Promise<Uint8Array> {
  const encrypter = new Encrypter();
  encrypter.addRecipient(recipient);
  return encrypter.encrypt(text);
}

async function rejection(promise: Promise<unknown>): Promise<WorkError> {
  const error: unknown = await promise.then(
    () => undefined,
    (caught: unknown) => caught,
  );
  if (error instanceof WorkError) return error;
  throw new Error('it was not refused');
}

describe('openCredentials', () => {
  it('gives the token, binary or armored, without the space around it', async () => {
    const sealed = await seal(' token-1\n');
    expect(await openCredentials(sealed, identity)).toBe('token-1');
    const armored = Buffer.from(armor.encode(sealed));
    expect(await openCredentials(armored, identity)).toBe('token-1');
  });

  it('is refused as auth when it was sealed for somebody else, or is damaged', async () => {
    const sealed = await seal('token-1');
    expect(await rejection(openCredentials(sealed, stranger))).toMatchObject({ class: 'auth' });
    const damaged = Uint8Array.from(sealed);
    damaged[sealed.length - 1] = 255 - (damaged.at(-1) ?? 0);
    for (const bytes of [damaged, sealed.subarray(0, 100), new Uint8Array()]) {
      expect((await rejection(openCredentials(bytes, identity))).message).toContain(
        'cannot be opened',
      );
    }
  });

  it.each(['', ' \n', 'two words', 'tok\u0000en', 'Jörg', 'x'.repeat(5_000)])(
    'is refused without showing what is no token: %j',
    async (text) => {
      const error = await rejection(openCredentials(await seal(text), identity));
      expect(error.class).toBe('auth');
      if (text.trim() !== '') expect(error.message).not.toContain(text);
    },
  );

  it('is refused when it is no text', async () => {
    const sealed = await seal(Uint8Array.of(0xff, 0xfe));
    expect((await rejection(openCredentials(sealed, identity))).class).toBe('auth');
  });
});

describe('openRecipeSecrets', () => {
  const open = async (json: string | undefined, names: readonly string[]) =>
    openRecipeSecrets(
      { bytes: json === undefined ? undefined : await seal(json), names },
      identity,
    );

  it('gives exactly what was asked for', async () => {
    expect(await open('{"B":"€ \\n","A":""}', ['A', 'B'])).toEqual([
      { name: 'A', value: '' },
      { name: 'B', value: '€ \n' },
    ]);
    expect(await open(undefined, [])).toEqual([]);
    expect(await open('{}', [])).toEqual([]);
  });

  it.each([
    ['[]', []],
    ['null', []],
    ['"A"', ['A']],
    ['no json: hunter2', ['A']],
    ['{"A":"hunter2"', ['A']],
    ['{"A":1}', ['A']],
    ['{"A":{"B":"hunter2"}}', ['A']],
    ['{"A":"hunter2\\u0000"}', ['A']],
    ['{"A":"hunter2"}', ['A', 'B']],
    ['{"A":"hunter2","PATH":"/tmp"}', ['A']],
    ['{"__proto__":"hunter2"}', ['A']],
    ['{}', ['toString']],
    [undefined, ['A']],
  ])('refuses %j for %j without showing it', async (json, names) => {
    const error = await rejection(open(json, names));
    expect(error.class).toBe('config');
    expect(error.message).not.toContain('hunter2');
    expect(String(error.cause)).not.toContain('hunter2');
  });

  it('refuses what was sealed for another agent', async () => {
    const bytes = await seal('{"A":"hunter2"}');
    const error = await rejection(openRecipeSecrets({ bytes, names: ['A'] }, stranger));
    expect([error.class, error.message]).toEqual([
      'config',
      expect.stringContaining('another agent'),
    ]);
  });
});

describe('sealForRenter', () => {
  const secrets = [{ name: 'ADMIN_PASSWORD', value: 'x"y' }];

  it('can be read by the renter only', async () => {
    const sealed = await sealForRenter(secrets, recipient);
    const decrypter = new Decrypter();
    decrypter.addIdentity(identity);
    expect(await decrypter.decrypt(sealed, 'text')).toBe(
      '{"v":1,"secrets":[{"name":"ADMIN_PASSWORD","value":"x\\"y"}]}',
    );
    expect(Buffer.from(sealed).toString('latin1')).not.toContain('ADMIN_PASSWORD');
  });

  it('refuses what is no recipient, and what is too much', async () => {
    expect(await rejection(sealForRenter(secrets, 'age1nobody'))).toMatchObject({
      class: 'config',
    });
    const many = [{ name: 'A', value: 'x'.repeat(17_000) }];
    expect((await rejection(sealForRenter(many, recipient))).message).toContain('16 KiB');
  });
});
