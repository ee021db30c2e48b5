import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { utils, type ParsedKey } from 'ssh2';
import { describe, expect, it } from 'vitest';
import { sshKeyPair } from './openssh-key.ts';

const anySeed = fc.uint8Array({ minLength: 32, maxLength: 32 });

function parsed(text: string): ParsedKey {
  const key = utils.parseKey(text);
  if (key instanceof Error) throw key;
  return key;
}

describe('sshKeyPair', () => {
  it('knows the first key of RFC 8032', () => {
    const seed = Buffer.from(
      '9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60',
      'hex',
    );
    const point = 'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a';
    const [, blob = ''] = sshKeyPair(seed).publicLine.split(' ');
    expect(Buffer.from(blob, 'base64').subarray(-32).toString('hex')).toBe(point);
  });

  it('makes pairs that the SSH client takes and that belong together', () => {
    fc.assert(
      fc.property(anySeed, (seed) => {
        const pair = sshKeyPair(seed);
        const secret = parsed(pair.privateKey);
        const open = parsed(pair.publicLine);
        expect(secret.getPublicSSH()).toEqual(open.getPublicSSH());
        expect(open.verify('data', secret.sign('data'))).toBe(true);
        expect(sshKeyPair(seed)).toEqual(pair);
      }),
      { numRuns: 50 },
    );
  });

  it('makes what OpenSSH reads: by ssh-keygen -y and -l of OpenSSH 9.2', () => {
    const pair = sshKeyPair(new Uint8Array(32).fill(7));
    expect(pair.publicLine).toBe(
      'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOpKbGPinFIKvvVQexMuxfmVR3auvr57kkIe6mkURtIs',
    );
    expect(pair.fingerprint).toBe('SHA256:z/fSv0Z0RZS+Lccbc6ZoOWwt/fbj1VFJGSBKQbo4icE');
    const pem = createHash('sha256').update(pair.privateKey).digest('hex');
    expect(pem).toBe('08210054218a5735e988b48cc9904776b90a75b9359dacccb4d3fe3274187088');
  });

  it('takes 32 bytes only', () => {
    expect(() => sshKeyPair(new Uint8Array(31))).toThrow(RangeError);
  });
});
