import { bytesToHex } from '@noble/hashes/utils';
import { sha256 } from '@noble/hashes/sha2';
import { Principal } from '@dfinity/principal';
import { describe, expect, it } from 'vitest';
import type { BasisPoints, UsdE8 } from '@decent-cloud/domain/amount.ts';
import type { AccountId, RentalId } from '@decent-cloud/domain/ids.ts';
import { durationNs } from '@decent-cloud/domain/time.ts';
import type { CloudAccountId, OfferingId } from '../../core/ids.ts';
import type { FrozenTerms } from '../../core/rentals/terms.ts';
import { extensionHash } from '../../flows/rentals/draft-hash.ts';
import { machineSpec } from '../../testing/recipes.fake.ts';
import { THEN, versionRef } from '../../testing/rental-states.fake.ts';
import { termsCodec } from './terms-fields.ts';

const TERMS: FrozenTerms = {
  rentalId: 5 as RentalId,
  offeringId: 6 as OfferingId,
  offeringTitle: 'Small server',
  renter: 1 as AccountId,
  payer: Principal.fromUint8Array(Uint8Array.of(1)),
  provider: 2 as AccountId,
  providerPrincipal: Principal.fromUint8Array(Uint8Array.of(2)),
  cloudAccountId: 3 as CloudAccountId,
  backend: 'hetzner',
  choices: [machineSpec()],
  recipe: versionRef(1),
  author: undefined,
  authorPrincipal: undefined,
  ledger: Principal.fromUint8Array(Uint8Array.of(4)),
  pricePerMonthUsdE8: 1_000_000_000n as UsdE8,
  termNs: durationNs({ days: 30 }),
  totalUsdE8: 1_000_000_000n as UsdE8,
  platformBps: 300 as BasisPoints,
  authorBps: 0 as BasisPoints,
  slaCredits: [{ belowPpm: 999_000, creditBps: 1_000 as BasisPoints }],
  noticeNs: durationNs({ hours: 1 }),
  provisionWithinNs: durationNs({ minutes: 30 }),
  providerPenaltyBps: 1_000 as BasisPoints,
  frozenAt: THEN,
};

describe('frozen terms', () => {
  it('are read as they were written, to the same bytes', () => {
    const bytes = termsCodec.encode(TERMS);
    const read = termsCodec.decode(bytes);
    expect(read).toEqual(TERMS);
    expect(termsCodec.encode(read)).toEqual(bytes);
  });

  it('have the bytes that treasuries have quoted for: a release that changes them breaks proofs', () => {
    expect(bytesToHex(sha256(termsCodec.encode(TERMS)))).toBe(
      '1e0469781daa9eba2136152f0d285989ab197a11a781722fff3c314be49505f5',
    );
  });

  it('are quoted for another period under another hash', () => {
    const startsAt = THEN;
    const termNs = durationNs({ days: 1 });
    const hashes = [
      sha256(termsCodec.encode(TERMS)),
      extensionHash(TERMS, { startsAt, termNs }),
      extensionHash(TERMS, { startsAt, termNs: durationNs({ days: 2 }) }),
    ].map(bytesToHex);
    expect(new Set(hashes).size).toBe(3);
  });
});
