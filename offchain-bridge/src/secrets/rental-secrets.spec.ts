import { hkdfSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { JobId, RentalId } from '../core/ids.ts';
import type { RentalRef } from '../core/server-name.ts';
import { sshKeyPair } from './openssh-key.ts';
import { RentalSecrets } from './rental-secrets.ts';

const SEED = new Uint8Array(32).fill(5);
const secrets = new RentalSecrets(SEED);
const rental: RentalRef = { installation: 'main', rentalId: 7 as RentalId };
const other: RentalRef = { installation: 'main', rentalId: 8 as RentalId };
const password = { recipeId: 3, name: 'PASSWORD', length: 24 };

describe('the secrets of a rental', () => {
  it('are the same for whoever has the seed, and derived by HKDF', () => {
    const again = new RentalSecrets(Uint8Array.from(SEED));
    expect(again.hostKey(rental)).toEqual(secrets.hostKey(rental));
    expect(again.generatedSecret(rental, password)).toBe(secrets.generatedSecret(rental, password));
    const seed = hkdfSync('sha256', SEED, '', 'decent-cloud/host-key/main/7', 32);
    expect(secrets.hostKey(rental)).toEqual(sshKeyPair(new Uint8Array(seed)));
  });

  it('are all different', () => {
    const keys = [rental, other].flatMap((of) => [
      secrets.hostKey(of),
      secrets.doorKey(of),
      secrets.jobKey(of, 1 as JobId),
      secrets.jobKey(of, 2 as JobId),
    ]);
    keys.push(new RentalSecrets(new Uint8Array(32)).hostKey(rental));
    expect(new Set(keys.map(({ fingerprint }) => fingerprint)).size).toBe(keys.length);
    const texts = [
      secrets.generatedSecret(rental, password),
      secrets.generatedSecret(other, password),
      secrets.generatedSecret(rental, { ...password, recipeId: 4 }),
      secrets.generatedSecret(rental, { ...password, name: 'OTHER' }),
    ];
    expect(new Set(texts).size).toBe(texts.length);
  });

  it('are letters and digits of the wanted length', () => {
    for (const length of [12, 24, 128]) {
      const text = secrets.generatedSecret(rental, { ...password, length });
      expect(text).toMatch(new RegExp(`^[A-Za-z0-9]{${length}}$`));
    }
    expect(() => secrets.generatedSecret(rental, { ...password, length: 129 })).toThrow(RangeError);
  });

  it('use each letter about as often as any other', () => {
    const counts = new Map<string, number>();
    for (let rentalId = 0; rentalId < 1_000; rentalId += 1) {
      const of = { ...rental, rentalId: rentalId as RentalId };
      for (const letter of secrets.generatedSecret(of, { ...password, length: 124 })) {
        counts.set(letter, (counts.get(letter) ?? 0) + 1);
      }
    }
    // 2000 each are expected; the chance of a fair one beyond 5 standard deviations is 1 in 30,000.
    expect(counts.size).toBe(62);
    for (const count of counts.values()) expect(Math.abs(count - 2_000)).toBeLessThan(5 * 45);
  });
});
