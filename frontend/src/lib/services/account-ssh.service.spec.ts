import { describe, expect, it } from 'vitest';
import { fingerprintOf, readSshLine } from './account-ssh.service.ts';

const KEY =
  'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIA8BWTtfnMOw7Yx8WMQ0pn0M5lFf9hyA3mVXWqHsXFJM me@laptop';

describe('readSshLine', () => {
  it('reads a line and its comment, without spaces around it', () => {
    expect(readSshLine(`  ${KEY}\n`)).toEqual({ kind: 'right', line: KEY, comment: 'me@laptop' });
  });

  it.each([
    ['nothing', ' \n', 'empty'],
    ['a private key', '-----BEGIN OPENSSH PRIVATE KEY-----\nb3Blbn', 'private'],
    ['a private key in one line', 'x -----BEGIN RSA PRIVATE KEY----- y', 'private'],
    ['two keys', `${KEY}\n${KEY}`, 'wrong'],
    ['options before the key', `command="rm -rf /" ${KEY}`, 'wrong'],
    ['an unknown type', 'ssh-dss AAAAB3NzaC1kc3M=', 'wrong'],
    ['a key that was cut', KEY.slice(0, 30), 'wrong'],
    ['a key of another type than it says', KEY.replace('ssh-ed25519', 'ssh-rsa'), 'wrong'],
    ['words', 'my key', 'wrong'],
  ])('judges %s', (_desc, text, kind) => {
    expect(readSshLine(text).kind).toBe(kind);
  });
});

describe('fingerprintOf', () => {
  it('is what ssh-keygen prints', async () => {
    expect(await fingerprintOf(KEY)).toBe('SHA256:sMVqcWwqbKzOoeP+NZx+VO7qUYoKjsmbDi2pmgREzYo');
  });
});
