import { describe, expect, it } from 'vitest';
import { after, durationNs, type DurationNs } from '@decent-cloud/domain/time.ts';
import { rentalWith, THEN } from '../../testing/rental-states.fake.ts';
import type { CloudAccountId, StrayId } from '../ids.ts';
import type { Rental, RentalState } from '../rentals/rental.ts';
import {
  claimOf,
  forgottenAt,
  isSameStray,
  serversTrouble,
  verdictOf,
  type Claim,
} from './stray-rules.ts';
import type { Stray } from './stray.ts';

const HERE = 0 as CloudAccountId;
const ELSEWHERE = 1 as CloudAccountId;
const MINUTE = durationNs({ minutes: 1 });

const ending = { cause: 'term-ended', reason: 'It is over.', at: THEN } as const;
const active: RentalState = {
  kind: 'active',
  since: THEN,
  endsAt: after(THEN, durationNs({ days: 30 })),
  power: 'on',
  operation: undefined,
};
const deleting: RentalState = {
  kind: 'ending',
  since: THEN,
  ending,
  machineGoneAt: undefined,
  moneySettledAt: undefined,
};

function rentalIn(state: RentalState, externalId?: string): Rental {
  return rentalWith({
    cloudAccountId: HERE,
    state,
    server: { name: 'dc-test-0', externalId, intendedAt: THEN },
  });
}

const stray: Stray = {
  id: 0 as StrayId,
  cloudAccountId: HERE,
  externalId: 'a',
  name: 'dc-test-0',
  rentalId: undefined,
  firstSeenAt: THEN,
  lastSeenAt: THEN,
  deletedAt: undefined,
  dueAt: THEN,
};

const later = (duration: DurationNs) => after(THEN, duration);
const lessABit = (duration: DurationNs) => (duration - 1n) as DurationNs;

describe('claimOf', () => {
  it.each<readonly [string, Rental, Claim]>([
    ['a quote', rentalWith({ state: { kind: 'quoted', expiresAt: THEN } }), 'open'],
    [
      'one whose payment is under way',
      rentalWith({
        state: { kind: 'awaiting-payment', since: THEN, deadlineAt: THEN, isCancelAsked: true },
      }),
      'open',
    ],
    [
      'one that is being made, whatever server it has by the books',
      rentalIn({ kind: 'provisioning', since: THEN, deadlineAt: THEN }, 'b'),
      'owned',
    ],
    ['one that runs on it', rentalIn(active, 'a'), 'owned'],
    ['one that runs on another server', rentalIn(active, 'b'), 'none'],
    ['one whose server is not known by its number', rentalIn(active), 'owned'],
    ['one that is being deleted', rentalIn(deleting, 'b'), 'owned'],
    ['one whose machine is gone', rentalIn({ ...deleting, machineGoneAt: THEN }), 'none'],
    ['one that is closed', rentalIn({ kind: 'closed', at: THEN, ending }), 'none'],
  ])('of %s', (_what, rental, claim) => {
    expect(claimOf(rental, { cloudAccountId: HERE, externalId: 'a' })).toBe(claim);
  });

  it('leaves a machine that runs under another number of the account to the agent of that', () => {
    const seen = { cloudAccountId: ELSEWHERE, externalId: 'a' };
    expect(claimOf(rentalIn(active, 'b'), seen)).toBe('owned');
    expect(claimOf(rentalIn({ kind: 'closed', at: THEN, ending }), seen)).toBe('none');
  });
});

describe('verdictOf', () => {
  it('deletes what nobody has an hour after it was first seen, and not a moment before', () => {
    const hour = durationNs({ hours: 1 });
    const seen = { ...stray, lastSeenAt: later(hour) };
    expect(verdictOf('none', seen, later(lessABit(hour)))).toBe('wait');
    expect(verdictOf('none', seen, later(hour))).toBe('delete');
  });

  it('waits for ever where it is not ours to say', () => {
    expect(verdictOf('open', stray, later(durationNs({ days: 300 })))).toBe('wait');
  });
});

describe('isSameStray', () => {
  const day = durationNs({ days: 1 });

  it('begins anew with what was not seen for a day', () => {
    expect(isSameStray(stray, later(lessABit(day)))).toBe(true);
    expect(isSameStray(stray, later(day))).toBe(false);
  });

  it('knows a deleted one for an hour: lists of clouds are not of this moment', () => {
    const deleted = { ...stray, deletedAt: later(day) };
    const hour = durationNs({ hours: 1 });
    expect(isSameStray(deleted, after(deleted.deletedAt, lessABit(hour)))).toBe(true);
    expect(isSameStray(deleted, after(deleted.deletedAt, hour))).toBe(false);
  });
});

describe('forgottenAt', () => {
  it('counts from the last sighting, or from the deletion', () => {
    expect(forgottenAt(stray)).toBe(later(durationNs({ hours: 24 })));
    const deletedAt = later(MINUTE);
    expect(forgottenAt({ ...stray, deletedAt })).toBe(after(deletedAt, durationNs({ days: 90 })));
  });
});

describe('serversTrouble', () => {
  const server = { externalId: '4711', name: 'dc-test-0', rentalId: undefined };

  it('takes a hundred servers and names what is wrong with others', () => {
    expect(serversTrouble(Array.from({ length: 100 }, () => server))).toBeUndefined();
    const tooMany = Array.from({ length: 101 }, () => server);
    expect(serversTrouble(tooMany)).toMatchObject({ argument: 'strays' });
    for (const bad of ['', 'x'.repeat(129), 'a\nb']) {
      const wrongId = serversTrouble([server, { ...server, externalId: bad }]);
      expect(wrongId).toMatchObject({ argument: 'external_id' });
      expect(serversTrouble([{ ...server, name: bad }])).toMatchObject({ argument: 'name' });
    }
  });
});
