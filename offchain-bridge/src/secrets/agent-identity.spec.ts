import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { identityOf } from './agent-identity.ts';

describe('identityOf', () => {
  it('has the public key of the file', () => {
    const { privateKey } = generateKeyPairSync('ed25519');
    const identityPem = privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
    const der = createPublicKey(createPrivateKey(identityPem)).export({
      format: 'der',
      type: 'spki',
    });
    const seen = identityOf({ identityPem }).getPublicKey().toDer();
    expect(Buffer.from(seen).toString('hex')).toBe(der.toString('hex'));
  });
});
