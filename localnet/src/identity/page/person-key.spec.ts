import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { personKey, type PersonAtApp } from './person-key.ts';

const ALICE: PersonAtApp = {
  method: 'passkey',
  person: 'Alice',
  origin: 'http://decent-cloud.localhost:4943',
};

function principalOf(who: PersonAtApp): string {
  return personKey(who).getPrincipal().toText();
}

const anyone = fc.record({
  method: fc.constantFrom('passkey', 'google', 'apple', 'microsoft'),
  person: fc.constantFrom('alice', 'bob', 'alice","http://a.localhost', 'alice@example.com'),
  origin: fc.constantFrom('http://a.localhost', 'http://b.localhost', 'http://a.localhost:1'),
});

describe('personKey', () => {
  it('is the same forever: who had money on a network yesterday has it today', () => {
    expect(principalOf(ALICE)).toBe(
      'zozas-ygkke-da7op-2xuh5-3225i-36aps-r3nvo-hmn2g-7kzth-ibe5f-6ae',
    );
  });

  it.each(['alice', ' Alice ', 'ALICE', '\talice\n'])(
    'takes "%s" for the same person',
    (person) => {
      expect(principalOf({ ...ALICE, person })).toBe(principalOf(ALICE));
    },
  );

  it('takes letters for the same however they are composed', () => {
    expect(principalOf({ ...ALICE, person: 'Zoe\u0308  K' })).toBe(
      principalOf({ ...ALICE, person: 'zo\u00eb k' }),
    );
  });

  test.prop([anyone, anyone])('is another one whenever any part is another', (one, other) => {
    const isSame = JSON.stringify(one) === JSON.stringify(other);
    expect(principalOf(one) === principalOf(other)).toBe(isSame);
  });
});
