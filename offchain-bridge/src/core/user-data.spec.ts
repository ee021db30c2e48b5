import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { sshKeyPair } from '../secrets/openssh-key.ts';
import { doorLine, doorScript } from './door-script.ts';
import { userData } from './user-data.ts';
import { WorkError } from './work-error.ts';

const HOST_KEY = sshKeyPair(new Uint8Array(32).fill(1));
const DOOR_KEY = sshKeyPair(new Uint8Array(32).fill(2)).publicLine;

const cloudConfig = z.strictObject({
  disable_root: z.literal(false),
  ssh_pwauth: z.literal(false),
  chpasswd: z.strictObject({ expire: z.literal(false) }),
  ssh_deletekeys: z.literal(true),
  ssh_keys: z.strictObject({ ed25519_private: z.string(), ed25519_public: z.string() }),
  users: z.tuple([
    z.strictObject({
      name: z.literal('root'),
      lock_passwd: z.literal(false),
      ssh_authorized_keys: z.array(z.string()),
    }),
  ]),
  write_files: z.tuple([
    z.strictObject({
      path: z.literal('/usr/local/sbin/dc-door'),
      owner: z.literal('root:root'),
      permissions: z.literal('0755'),
      content: z.string(),
    }),
  ]),
  runcmd: z.tuple([z.string()]),
});

const made = (...renterKeys: string[]): string =>
  userData({ renterKeys, hostKey: HOST_KEY, doorPublicLine: DOOR_KEY });
/** By the rules of YAML 1.1, which cloud-init follows. */
const read = (text: string) => cloudConfig.parse(parse(text, { version: '1.1' }));
const rsa = (comment: string): string => `ssh-rsa ${'A'.repeat(1_396)} ${comment}`;

describe('userData', () => {
  it('is what cloud-init understands', () => {
    const text = made('ssh-ed25519 AAAB alice@laptop', 'ssh-rsa AAAC');
    expect(text.startsWith('#cloud-config\n')).toBe(true);
    const config = read(text);
    expect(config.ssh_keys).toEqual({
      ed25519_private: HOST_KEY.privateKey,
      ed25519_public: HOST_KEY.publicLine,
    });
    expect(config.users[0].ssh_authorized_keys).toEqual([
      'ssh-ed25519 AAAB alice@laptop dc-renter',
      'ssh-rsa AAAC dc-renter',
      doorLine(DOOR_KEY),
    ]);
    expect(config.write_files[0].content).toBe(doorScript());
  });

  it('is the same each time: it is part of what a server is compared by', () => {
    expect(made('ssh-ed25519 AAAB')).toBe(made('ssh-ed25519 AAAB'));
  });

  it.each([
    `a: b # c`,
    `- "x" 'y' \\n \\`,
    '{{ jinja }} ${x} %',
    '---',
    'yes 0x1 012:34 !!binary',
    'Jörg 漢字 🙂 \u00a0\ufffe',
  ])('carries the comment %j unharmed, in ASCII', (comment) => {
    const text = made(`ssh-ed25519 AAAB ${comment}`);
    expect(text).toMatch(/^[\n\x20-\x7e]+$/);
    const [line] = read(text).users[0].ssh_authorized_keys;
    expect(line).toBe(`ssh-ed25519 AAAB ${comment} dc-renter`);
  });

  it('has room for ten of the largest keys', () => {
    const keys = Array.from({ length: 10 }, (_, index) => rsa(`${index} ${'x'.repeat(62)}`));
    const text = made(...keys);
    expect(text.length).toBeLessThanOrEqual(32_768);
    expect(read(text).users[0].ssh_authorized_keys).toHaveLength(11);
  });

  it('says so when the keys do not fit', () => {
    const keys = Array.from({ length: 22 }, () => rsa('x'));
    expect(() => made(...keys)).toThrow(WorkError);
    expect(() => made(...keys)).toThrow(/too long for a new machine: \d+ of 32768 bytes/);
  });

  it('lets no line in that could run commands', () => {
    expect(() => made('command="id" ssh-ed25519 AAAB')).toThrow(WorkError);
  });
});
