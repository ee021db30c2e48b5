import { describe, expect, it } from 'vitest';
import { networkSchema } from './network.schema.ts';

const GOOD = {
  network: 'local',
  gatewayUrl: 'http://localhost:4943',
  rootKey: '308182',
  canisters: { rental: 'rwlgt-iiaaa-aaaaa-aaaaa-cai' },
};

describe('networkSchema', () => {
  it('accepts what npm start writes', () => {
    expect(networkSchema.parse(GOOD)).toEqual(GOOD);
  });

  it.each([
    { desc: 'an unknown network', change: { network: 'moon' } },
    { desc: 'a gateway that is no web address', change: { gatewayUrl: 'javascript:alert(1)' } },
    { desc: 'a root key that is not hex', change: { rootKey: 'zz' } },
    { desc: 'an empty canister id', change: { canisters: { rental: '' } } },
  ])('refuses $desc', ({ change }) => {
    expect(networkSchema.safeParse({ ...GOOD, ...change }).success).toBe(false);
  });
});
