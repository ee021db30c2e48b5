import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { opensshKeyPair, parsePublicKey } from './ssh-key.service.ts';

/** Made by ssh-keygen of OpenSSH 9.2, with the fingerprints that `ssh-keygen -l` printed. */
const ED25519 = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGoMXkmUGD4TC5pb5Sbt3OWDtP8E7la/0tB+7DnBiYHn';
const ECDSA =
  'ecdsa-sha2-nistp384 AAAAE2VjZHNhLXNoYTItbmlzdHAzODQAAAAIbmlzdHAzODQAAABhBELiav7KrAMqr5GVvZzspT' +
  'SdApTarM5krTmwYdi2pwHYXirorXbw8JbCnyl1GPkfTzmwsBMdprgqCLb73rUUYv4HQvSqGhbtUsS2nWWboSPYyqrahDJn' +
  'XdVImUf+Y5/TTA==';
const RSA =
  'ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQCxSHyUNPG5jTj7JmmE3Yfej86m1y71n/n+rJRVYoz6QLtdCCKFKuBz4I5m' +
  'roZMLfDQ2RPIdvSfYk708GsNIdAkPqg6ZoBx6npyXZz8h98vF3JXgGIeGL0oxhVnBaU4VQfMcR3cXM6KjnMtdmbwgy0Z5y+F' +
  'kL6oHDRLz0oQ1i8tSNMVW9y8uNyOz7R6gIOwHPKDYIAogqmA0qDQAHa0JdMbVG/j2mzvUlYy7pnL7sQOaQE61lOeneUG9RDn' +
  'zX2AZqLdetgggiEXxy3oh3D+BXZYFk0iD/h6V17t65GAsP6oXlGXeedMhIfHBlbiHF/qoEp8++y5iogPbm5Aq8wzM7BL';
const SMALL_RSA =
  'ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAgQDGsOR0UIIJHr794HTVR8Lc/O/K8UauJkgkaMu/IfyTJOmV6DrMLux8AorPtd' +
  'SA2tsv5Maf8WEHvOuB0lY5iY6NmQFaVANkK9JS1HbFe6tlK7hvgBvos6pO4AdhBNnPvUBRVXuY2MNEw/124/jKlCS2SbTYnAyw' +
  'hiPZwNNkqXn/6w==';

function wordsOf(text: string): string {
  const parsed = parsePublicKey(text);
  return parsed.kind === 'err' ? parsed.error : 'taken';
}

describe('parsePublicKey', () => {
  it.each([
    [`${ED25519} me@ed`, 'SHA256:mQzgPn2tA+EDcUeLblRBs38WhJvVtONB3BQ9k/KNOGs', 'me@ed'],
    [`  ${ECDSA}  `, 'SHA256:CV0/J5PV/jOhUJ94gXFD4gQcq25JUkHKRunuILtZEPg', ''],
    [`${RSA}\tme at   home\n`, 'SHA256:ttOAeIYcdc/WgaXaRP2YwM1fXSOQPnEZFEYGjgl0dt0', 'me at home'],
  ])('reads what ssh-keygen writes', (text, fingerprint, comment) => {
    expect(parsePublicKey(text)).toMatchObject({ kind: 'ok', value: { fingerprint, comment } });
  });

  it('never takes a private key, and says that it stayed here', () => {
    expect(wordsOf('-----BEGIN OPENSSH PRIVATE KEY-----')).toContain('goes nowhere');
  });

  it.each([
    ['hello', 'A public key begins with'],
    [`command="x" ${ED25519}`, 'A public key begins with'],
    [`${ED25519}\n${ED25519}`, 'One line only'],
    [ED25519.slice(0, -4), 'The key is cut off'],
    [ED25519.slice(0, -1), 'The key is cut off'],
    [ECDSA.replace('nistp384 ', 'nistp256 '), 'The key is not what its first word says'],
    [SMALL_RSA, 'The key has 1024 bits, and RSA keys need 2048 to 8192'],
    ['x'.repeat(2_001), 'too long'],
  ])('refuses %j', (text, words) => {
    expect(wordsOf(text)).toContain(words);
  });
});

describe('opensshKeyPair', () => {
  it('makes what ssh-keygen -y and -l of OpenSSH 9.2 read', () => {
    const body = 'AAAAC3NzaC1lZDI1NTE5AAAAIOpKbGPinFIKvvVQexMuxfmVR3auvr57kkIe6mkURtIs';
    const publicKey = Buffer.from(body, 'base64').subarray(-32);
    const pair = opensshKeyPair({ seed: new Uint8Array(32).fill(7), publicKey, comment: '' });
    expect(pair.publicKey.line).toBe(`ssh-ed25519 ${body}`);
    expect(pair.publicKey.fingerprint).toBe('SHA256:z/fSv0Z0RZS+Lccbc6ZoOWwt/fbj1VFJGSBKQbo4icE');
    expect(parsePublicKey(pair.publicKey.line).kind).toBe('ok');
    const pem = createHash('sha256').update(pair.privatePem).digest('hex');
    expect(pem).toBe('08210054218a5735e988b48cc9904776b90a75b9359dacccb4d3fe3274187088');
  });
});
