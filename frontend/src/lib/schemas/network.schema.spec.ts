import { describe, expect, it } from 'vitest';
import { networkSchema } from './network.schema.ts';

const GOOD = {
  network: 'local',
  gatewayUrl: 'http://localhost:4943',
  rootKey: '308182',
  canisters: {
    rental: 'rwlgt-iiaaa-aaaaa-aaaaa-cai',
    treasury: 'rrkah-fqaaa-aaaaa-aaaaq-cai',
    'token-value': 'ryjl3-tyaaa-aaaaa-aaaba-cai',
    archive: 'r7inp-6aaaa-aaaaa-aaabq-cai',
  },
  identityProvider: 'http://identity.localhost:4943',
};
const ON_IC = {
  network: 'ic',
  gatewayUrl: 'https://icp0.io',
  canisters: GOOD.canisters,
  identityProvider: 'https://id.ai',
};

describe('networkSchema', () => {
  it('accepts what npm start writes', () => {
    expect(networkSchema.parse(GOOD)).toEqual(GOOD);
  });

  it.each([
    { desc: 'an unknown network', change: { network: 'moon' } },
    { desc: 'a gateway that is no web address', change: { gatewayUrl: 'javascript:alert(1)' } },
    { desc: 'a root key that is not hex', change: { rootKey: 'zz' } },
    { desc: 'an empty canister id', change: { canisters: { ...GOOD.canisters, rental: '' } } },
  ])('refuses $desc', ({ change }) => {
    expect(networkSchema.safeParse({ ...GOOD, ...change }).success).toBe(false);
  });

  it('accepts what is emitted for the Internet Computer', () => {
    expect(networkSchema.parse(ON_IC)).toEqual(ON_IC);
  });

  it('refuses a root key of its own on the Internet Computer', () => {
    const result = networkSchema.safeParse({ ...ON_IC, rootKey: '308182' });
    expect(result.error?.issues[0]?.path).toEqual(['rootKey']);
  });

  it.each([
    'http://identity.localhost:4943',
    'http://id.ai',
    'https://id.ai/',
    'https://id.ai/authorize',
    'https://id.ai:8443',
    'https://id.ai.example.com',
    'https://identity.ic0.app',
    'javascript:alert(1)',
    '',
    undefined,
  ])('refuses to log in at %s on the Internet Computer', (identityProvider) => {
    const result = networkSchema.safeParse({ ...ON_IC, identityProvider });
    expect(result.error?.issues[0]?.path).toEqual(['identityProvider']);
  });

  it.each(['http://localhost:4943', 'http://127.0.0.1:4943', 'http://a.b.localhost'])(
    'accepts to log in at %s on a local network',
    (identityProvider) => {
      expect(networkSchema.safeParse({ ...GOOD, identityProvider }).success).toBe(true);
    },
  );

  it.each([
    'https://id.ai',
    'http://identity.example.com',
    'http://localhost.example.com',
    'http://identity.localhost:4943/authorize',
    'http://user@identity.localhost:4943',
    'no address',
    undefined,
  ])('refuses to log in at %s on a local network', (identityProvider) => {
    const result = networkSchema.safeParse({ ...GOOD, identityProvider });
    expect(result.error?.issues[0]?.path).toEqual(['identityProvider']);
  });
});
