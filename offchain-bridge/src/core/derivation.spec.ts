import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { alphanumerics, derivationInfo, type SecretPurpose } from './derivation.ts';
import type { JobId, RentalId } from './ids.ts';

const id = fc.nat(50);
const purpose: fc.Arbitrary<SecretPurpose> = fc.oneof(
  fc.constantFrom<SecretPurpose>({ kind: 'host-key' }, { kind: 'door-key' }),
  id.map((jobId): SecretPurpose => ({ kind: 'job-key', jobId: jobId as JobId })),
  fc.record({
    kind: fc.constant('secret' as const),
    recipeId: id,
    name: fc.constantFrom('A', 'B_1', 'KEY'),
  }),
);
const scope = fc.record({
  installation: fc.constantFrom('a', 'a-1', 'main'),
  rentalId: id.map((value) => value as RentalId),
});

describe('derivationInfo', () => {
  it('is what machines were made with', () => {
    const rental = { installation: 'main', rentalId: 7 as RentalId };
    const made = (of: SecretPurpose): string => derivationInfo(rental, of);
    expect(made({ kind: 'host-key' })).toBe('decent-cloud/host-key/main/7');
    expect(made({ kind: 'door-key' })).toBe('decent-cloud/door-key/main/7');
    expect(made({ kind: 'job-key', jobId: 9 as JobId })).toBe('decent-cloud/job-key/main/7/9');
    expect(made({ kind: 'secret', recipeId: 3, name: 'PW' })).toBe(
      'decent-cloud/secret/main/7/3/PW',
    );
  });

  it('is different for different secrets', () => {
    const secret = fc.tuple(scope, purpose);
    fc.assert(
      fc.property(secret, secret, (one, other) => {
        const isSame = JSON.stringify(one) === JSON.stringify(other);
        expect(derivationInfo(...one) === derivationInfo(...other)).toBe(isSame);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('alphanumerics', () => {
  it('makes every letter of as many bytes as every other', () => {
    const counts = new Map<string, number>();
    for (let byte = 0; byte < 256; byte += 1) {
      const letter = alphanumerics(Uint8Array.of(byte), 1);
      counts.set(letter, (counts.get(letter) ?? 0) + 1);
    }
    expect(counts.get('')).toBe(8);
    counts.delete('');
    expect([...counts.keys()].join('')).toMatch(/^[A-Za-z0-9]{62}$/);
    expect(new Set(counts.values())).toEqual(new Set([4]));
  });

  it('is the beginning of what is longer, and says when there is too little', () => {
    const bytes = Uint8Array.from({ length: 100 }, (_, index) => (index * 37) % 256);
    const long = alphanumerics(bytes, 60);
    expect(long).toHaveLength(60);
    expect(long.startsWith(alphanumerics(bytes, 20))).toBe(true);
    expect(alphanumerics(bytes, 200).length).toBeLessThan(200);
  });
});
