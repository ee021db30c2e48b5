import { Principal } from '@dfinity/principal';
import type { TokenUnits } from '@decent-cloud/domain/amount.ts';
import type { AccountId, RentalId } from '@decent-cloud/domain/ids.ts';
import { after, durationNs, timestampNs, type TimestampNs } from '@decent-cloud/domain/time.ts';
import type { CloudAccountId, EscrowId, JobId, OfferingId, RecipeId } from '../core/ids.ts';
import type { VersionRef } from '../core/recipes/recipe.ts';
import { nextDue } from '../core/rentals/next-due.ts';
import type { Period, Rental, RentalState } from '../core/rentals/rental.ts';

/** When rentals of this file came to be where they are. */
export const THEN: TimestampNs = timestampNs(1_700_000_000_000_000_000n);
export const FIRST = 1 as EscrowId;
export const SECOND = 2 as EscrowId;
export const JOB = 7 as JobId;

export function versionRef(number: number): VersionRef {
  const recipeId = 3 as RecipeId;
  const semver = `1.${number}.0`;
  return { recipeId, number, name: 'nginx', semver, scriptSha256: `${number}`.repeat(64) };
}

export function period(change: Partial<Period> = {}): Period {
  return {
    escrowId: FIRST,
    status: 'quoted',
    termNs: durationNs({ days: 30 }),
    amount: 1_000n as TokenUnits,
    quoteExpiresAt: after(THEN, durationNs({ minutes: 10 })),
    startedAt: undefined,
    factSeq: 0,
    ...change,
  };
}

/** A quote; everything else is a change to it. */
export function rentalWith(change: Partial<Rental> = {}): Rental {
  const rental: Rental = {
    id: 0 as RentalId,
    renter: 1 as AccountId,
    payer: Principal.selfAuthenticating(Uint8Array.of(1)),
    provider: 2 as AccountId,
    cloudAccountId: 0 as CloudAccountId,
    offeringId: 0 as OfferingId,
    state: { kind: 'quoted', expiresAt: after(THEN, durationNs({ minutes: 10 })) },
    periods: [period()],
    deployment: versionRef(0),
    choiceIndex: 0,
    server: undefined,
    skippedVersion: undefined,
    dueAt: undefined,
    createdAt: THEN,
    updatedAt: THEN,
    ...change,
  };
  return { ...rental, dueAt: change.dueAt ?? nextDue(rental, THEN) };
}

export const SERVER = { name: 'dc-0', externalId: '4711', intendedAt: THEN } as const;

/** A rental as it is mostly found in each state, at `THEN`. */
export function rentalIn(kind: RentalState['kind']): Rental {
  const ending = { cause: 'term-ended', reason: 'The time is over.', at: THEN } as const;
  switch (kind) {
    case 'quoted':
      return rentalWith();
    case 'awaiting-payment': {
      const deadlineAt = after(THEN, durationNs({ hours: 26 }));
      return rentalWith({ state: { kind, since: THEN, deadlineAt, isCancelAsked: false } });
    }
    case 'provisioning':
      return rentalWith({
        state: { kind, since: THEN, deadlineAt: after(THEN, durationNs({ minutes: 28 })) },
        periods: [period({ status: 'paid' })],
        server: SERVER,
      });
    case 'active': {
      const periods = [period({ status: 'running', startedAt: THEN, factSeq: 1 })];
      const endsAt = after(THEN, durationNs({ days: 30 }));
      return rentalWith({
        state: { kind, since: THEN, endsAt, power: 'on', operation: undefined },
        periods,
        server: SERVER,
      });
    }
    case 'ending':
      return rentalWith({
        state: {
          kind,
          since: THEN,
          ending,
          machineGoneAt: undefined,
          moneySettledAt: undefined,
        },
        periods: [period({ status: 'ended', startedAt: THEN, factSeq: 2 })],
        server: SERVER,
      });
    case 'closed':
      return rentalWith({
        state: { kind, at: THEN, ending },
        periods: [period({ status: 'settled', startedAt: THEN, factSeq: 2 })],
      });
  }
}
