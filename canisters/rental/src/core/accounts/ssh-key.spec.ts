import { Buffer } from 'node:buffer';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lineOf, SSH_KEYS } from '../../testing/ssh-keys.fake.ts';
import { encodeBase64 } from './base64.ts';
import { parseSshKey, sshKeyLine } from './ssh-key.ts';

const anyKey = fc.constantFrom(...SSH_KEYS);
const [ed25519, rsa] = SSH_KEYS;

/** A string of the SSH protocol: its length, then its bytes. */
function sshString(value: string | readonly number[]): number[] {
  const bytes = typeof value === 'string' ? [...Buffer.from(value)] : [...value];
  return [0, 0, bytes.length >> 8, bytes.length & 0xff, ...bytes];
}

function line(type: string, ...parts: readonly (string | readonly number[])[]): string {
  return `${type} ${encodeBase64(Uint8Array.from(parts.flatMap(sshString)))}`;
}

const bytes = (length: number, first = 0x91, last = 0x93) => [
  first,
  ...Array.from({ length: length - 2 }, () => 0x55),
  last,
];
const rsaLine = (exponent: readonly number[], modulus: readonly number[]) =>
  line('ssh-rsa', 'ssh-rsa', exponent, modulus);
const point = (length: number, form = 4) => [form, ...bytes(length)];

const rule = (raw: string) => {
  const parsed = parseSshKey(raw);
  return parsed.kind === 'err' ? parsed.error : 'accepted';
};

describe('parseSshKey', () => {
  it.each(SSH_KEYS)('reads $type as ssh-keygen does', (key) => {
    const { type, comment, fingerprint } = key;
    const blob = new Uint8Array(Buffer.from(key.body, 'base64'));
    const value = { type, comment, fingerprint, blob };
    expect(parseSshKey(`  ${lineOf(key)}\n`)).toEqual({ kind: 'ok', value });
  });

  it.each([
    ['sk-ssh-ed25519@openssh.com', [bytes(32), 'ssh:']],
    ['sk-ecdsa-sha2-nistp256@openssh.com', ['nistp256', point(64), 'ssh:home']],
  ] as const)('reads %s', (type, parts) => {
    expect(parseSshKey(line(type, type, ...parts))).toMatchObject({
      kind: 'ok',
      value: { type, comment: '' },
    });
  });

  it('gives back the line that it read', () => {
    fc.assert(
      fc.property(anyKey, (key) => {
        const parsed = parseSshKey(lineOf(key));
        expect(parsed.kind === 'ok' && sshKeyLine(parsed.value)).toBe(lineOf(key));
      }),
    );
  });

  it('refuses a key with a byte more or less', () => {
    fc.assert(
      fc.property(anyKey, fc.nat({ max: 600 }), (key, cut) => {
        const blob = Buffer.from(key.body, 'base64');
        const shorter = blob.subarray(0, Math.min(cut, blob.length - 1));
        const longer = Uint8Array.from([...blob, cut & 0xff]);
        expect(rule(`${key.type} ${encodeBase64(shorter)}`)).not.toBe('accepted');
        expect(rule(`${key.type} ${encodeBase64(longer)}`)).toContain('bytes behind the key');
      }),
    );
  });

  it('refuses a key under the name of another type', () => {
    fc.assert(
      fc.property(anyKey, anyKey, (key, other) => {
        fc.pre(key.type !== other.type);
        expect(rule(`${other.type} ${key.body}`)).toContain('not the key that its first word says');
      }),
    );
  });

  it.each([
    ['a type that is not taken', line('ssh-dss', 'ssh-dss', bytes(20)), 'must begin with one of'],
    ['a word that objects have', 'constructor AAAA', 'must begin with one of'],
    ['options', `command="reboot" ${lineOf(ed25519)}`, 'without options'],
    ['a comment first', `# ${lineOf(ed25519)}`, 'must begin with one of'],
    ['two lines', `${lineOf(ed25519)}\n${lineOf(rsa)}`, 'one line'],
    ['nothing', '', 'must begin with one of'],
    ['a type alone', 'ssh-ed25519', 'whole key in base64'],
    ['base64 with a hole', `ssh-ed25519 ${ed25519.body.replace('A', '*')}`, 'in base64'],
    ['a long line', `${lineOf(ed25519)} ${'x'.repeat(2_000)}`, 'at most 2000 characters'],
    ['RSA of 1024 bits', rsaLine([1, 0, 1], [0, ...bytes(128)]), 'has 1024 bits'],
    ['RSA of 2047 bits', rsaLine([1, 0, 1], bytes(256, 0x51)), 'has 2047 bits'],
    ['RSA of 16384 bits', rsaLine([1, 0, 1], [0, ...bytes(1_040)]), 'has 8320 bits'],
    ['an even modulus', rsaLine([1, 0, 1], [0, ...bytes(256, 0x91, 0x92)]), 'no RSA key'],
    ['the exponent one', rsaLine([1], [0, ...bytes(256)]), 'no RSA key'],
    ['an even exponent', rsaLine([4], [0, ...bytes(256)]), 'no RSA key'],
    ['a modulus below zero', rsaLine([1, 0, 1], bytes(256)), 'malformed'],
    ['zeros before a modulus', rsaLine([1, 0, 1], [0, 0x51, 3]), 'malformed'],
    ['a short ed25519 key', line('ssh-ed25519', 'ssh-ed25519', bytes(31)), 'not 32 bytes'],
    [
      'another curve',
      line('ecdsa-sha2-nistp256', 'ecdsa-sha2-nistp256', 'nistp384', point(64)),
      'not on the curve nistp256',
    ],
    [
      'a compressed point',
      line('ecdsa-sha2-nistp256', 'ecdsa-sha2-nistp256', 'nistp256', point(64, 2)),
      'no point',
    ],
    [
      'a security key for nothing',
      line('sk-ssh-ed25519@openssh.com', 'sk-ssh-ed25519@openssh.com', bytes(32), ''),
      'no application',
    ],
  ])('refuses %s', (_name, raw, why) => {
    expect(rule(raw)).toContain(why);
  });

  it('tells who pastes a private key what to do about it', () => {
    const secret = '-----BEGIN OPENSSH PRIVATE KEY-----\nb3Bl\n-----END OPENSSH PRIVATE KEY-----';
    expect(rule(secret)).toContain('make a new pair');
    expect(rule(secret)).not.toContain('b3Bl');
  });

  it('keeps of a comment what can be seen, at most 64 characters', () => {
    const comment = (value: string) => {
      const parsed = parseSshKey(`ssh-ed25519 ${ed25519.body} ${value}`);
      return parsed.kind === 'ok' ? parsed.value.comment : undefined;
    };
    expect(comment('\u001b[31mred\u0007 \u202ename\u200b')).toBe('[31mred name');
    expect(comment('😀'.repeat(70))).toBe('😀'.repeat(64));
    expect(comment('a \t b')).toBe('a b');
  });
});
