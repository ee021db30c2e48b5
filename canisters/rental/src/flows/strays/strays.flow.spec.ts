import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { present } from '@decent-cloud/domain/assert.ts';
import type { RentalId } from '@decent-cloud/domain/ids.ts';
import { durationNs, elapsed } from '@decent-cloud/domain/time.ts';
import type { CloudAccountId } from '../../core/ids.ts';
import { MAX_STRAYS } from '../../core/strays/stray-rules.ts';
import {
  asPerson,
  givenAccount,
  givenAgent,
  givenCloudAccount,
} from '../../testing/accounts.fake.ts';
import { personCalled } from '../../testing/fake-canister.fake.ts';
import { accepted } from '../../testing/recipes.fake.ts';
import { givenRental } from '../../testing/rentals.fake.ts';
import { StrayWorld } from '../../testing/strays.fake.ts';
import { myNotifications } from '../notifications/read-notifications.flow.ts';
import { applyRentalEvent } from '../rentals/apply-event.ts';
import { listStrays } from './list-strays.ts';
import { reportStrays } from './report-strays.flow.ts';

const HOUR = 60;
const DAY = 24 * HOUR;

function rentalIn(w: StrayWorld, state: 'provisioning' | 'active' | 'ending' | 'closed') {
  const { id, server } = givenRental(w.c, { offer: w.offer, state });
  return { id, externalId: server?.externalId ?? '' };
}

describe('report_strays', () => {
  it('has what nobody has deleted after an hour, on any process, through an upgrade', () => {
    const w = new StrayWorld();
    expect(w.report('a')).toBe('wait');
    w.passMinutes(59);
    expect(w.report('a')).toBe('wait');
    w.c = w.c.upgraded();
    w.passMinutes(1);
    expect(w.report('a')).toBe('delete');
    expect(w.report('b')).toBe('wait');
    expect(w.report('a')).toBe('delete');
  });

  it('deletes a server that came after its rental was given back and closed', () => {
    const w = new StrayWorld();
    const { id } = rentalIn(w, 'closed');
    expect(w.report('late', id)).toBe('wait');
    w.passMinutes(HOUR);
    expect(w.report('late', id)).toBe('delete');
  });

  it.each(['provisioning', 'active', 'ending'] as const)('keeps the server of one %s', (state) => {
    const w = new StrayWorld();
    const { id, externalId } = rentalIn(w, state);
    const server = externalId === '' ? 'in-flight' : externalId;
    expect(w.report(server, id)).toBe('keep');
    w.passMinutes(2 * HOUR);
    expect(w.report(server, id)).toBe('keep');
    expect(w.listed()).toEqual([]);
  });

  it('keeps what a rental has by its number, whatever the label says', () => {
    const w = new StrayWorld();
    const { externalId } = rentalIn(w, 'active');
    const closed = rentalIn(w, 'closed');
    expect(w.report(externalId)).toBe('keep');
    w.passMinutes(2 * HOUR);
    expect(w.report(externalId, closed.id)).toBe('keep');
  });

  it('deletes a second server of a machine that runs, and leaves the first', () => {
    const w = new StrayWorld();
    const { id, externalId } = rentalIn(w, 'active');
    expect(w.reportAll([externalId, 'second'], id)).toEqual(['keep', 'wait']);
    w.passMinutes(HOUR);
    expect(w.reportAll([externalId, 'second'], id)).toEqual(['keep', 'delete']);
  });

  it('counts the hour from when it was nobodys, not from when it was there', () => {
    const w = new StrayWorld();
    const { id, externalId } = rentalIn(w, 'ending');
    expect(w.report(externalId, id)).toBe('keep');
    w.passMinutes(3 * HOUR);
    accepted(applyRentalEvent(w.c, id, { kind: 'machine-gone' }));
    expect(w.report(externalId, id)).toBe('wait');
    w.passMinutes(HOUR);
    expect(w.report(externalId, id)).toBe('delete');
  });

  it('begins anew when a rental turns out to have it', () => {
    const w = new StrayWorld();
    const active = rentalIn(w, 'active');
    expect(w.report(active.externalId, rentalIn(w, 'closed').id)).toBe('keep');
    expect(w.report('a')).toBe('wait');
    w.passMinutes(HOUR - 1);
    w.c.storage.rentals.ofServers.set([w.account, 'a'], { rentalId: active.id });
    expect(w.report('a')).toBe('keep');
    w.c.storage.rentals.ofServers.remove([w.account, 'a']);
    w.passMinutes(1);
    expect(w.report('a')).toBe('wait');
  });

  it('never deletes for a rental that was not made here: books may have been lost', () => {
    const w = new StrayWorld();
    const { id } = rentalIn(w, 'active');
    const unknown = (id + 1) as RentalId;
    expect(w.report('a', unknown)).toBe('wait');
    w.passMinutes(20 * HOUR);
    expect(w.report('a', unknown)).toBe('wait');
    expect(w.listed()).toMatchObject([{ externalId: 'a', rentalId: unknown }]);
  });

  it('gives each server the hour since it was seen without a gap of a day', () => {
    const step = fc.record({ minutes: fc.nat(2 * DAY), server: fc.constantFrom('a', 'b') });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
        const w = new StrayWorld();
        let now = 0;
        const seen = new Map<string, { readonly first: number; readonly last: number }>();
        for (const { minutes, server } of steps) {
          w.passMinutes(minutes);
          now += minutes;
          const known = seen.get(server);
          const first = known === undefined || now - known.last >= DAY ? now : known.first;
          seen.set(server, { first, last: now });
          expect(w.report(server)).toBe(now - first >= HOUR ? 'delete' : 'wait');
        }
      }),
      { numRuns: 60 },
    );
  });

  it('remembers a thousand of an account, and forgets them after a day', () => {
    const w = new StrayWorld();
    const names = Array.from({ length: MAX_STRAYS }, (_, index) => `server-${index}`);
    for (let at = 0; at < MAX_STRAYS; at += 100) w.reportAll(names.slice(at, at + 100));
    w.passMinutes(HOUR);
    expect(w.report('one-more')).toBe('wait');
    w.passMinutes(HOUR);
    expect(w.report('one-more')).toBe('wait');
    expect(w.report('server-0')).toBe('delete');
    expect(w.listed()).toHaveLength(MAX_STRAYS);
    w.passMinutes(DAY - HOUR);
    for (let rounds = 0; rounds < MAX_STRAYS / 200; rounds += 1) w.passMinutes(0);
    expect(w.listed()).toMatchObject([{ externalId: 'server-0' }]);
    w.passMinutes(DAY);
    expect(w.listed()).toEqual([]);
    expect(w.c.storage.strays.strays.size()).toBe(0);
    expect(w.c.storage.strays.ofServers.size()).toBe(0);
    expect(w.c.storage.strays.due.size()).toBe(0);
  });

  it('answers the accounts own agent alone, while it may work', () => {
    const w = new StrayWorld();
    const { provider, account } = w.offer;
    givenAgent(w.c, provider, { agent: personCalled('second bridge') });
    const report = { cloudAccountId: account.id, strays: [] };
    const ask = (who: string) => asPerson(w.c, who, () => reportStrays(w.c, report));
    expect(ask('bridge').kind).toBe('ok');
    for (const who of ['second bridge', 'platform-agent', 'seller']) {
      expect(ask(who)).toMatchObject({ error: { leaf: { kind: 'not-allowed' } } });
    }
    givenAgent(w.c, provider, { agent: personCalled('bridge'), scopes: ['health', 'catalogue'] });
    expect(ask('bridge')).toMatchObject({ error: { leaf: { kind: 'not-allowed' } } });
  });
});

describe('report_stray_deleted', () => {
  function withDeleted(): StrayWorld {
    const w = new StrayWorld();
    w.report('a', rentalIn(w, 'closed').id);
    w.passMinutes(HOUR);
    w.report('b');
    expect(w.deleted('a')).toEqual({ kind: 'ok', value: null });
    return w;
  }

  it('stays to be seen behind those that are there, for ninety days', () => {
    const w = withDeleted();
    for (const limit of [1, 2, 3]) {
      expect(w.listed(limit)).toMatchObject([
        { externalId: 'b' },
        { externalId: 'a', deletedAt: w.c.runtime.now },
      ]);
      expect(w.listed(limit)[0]?.deletedAt).toBeUndefined();
    }
    const [, row] = w.listed();
    const { firstSeenAt, deletedAt } = present(row, 'a row');
    expect(elapsed(firstSeenAt, present(deletedAt, 'it is gone'))).toBe(durationNs({ hours: 1 }));
    w.passMinutes(90 * DAY - 1);
    expect(w.listed()).toMatchObject([{ externalId: 'a' }]);
    w.passMinutes(1);
    expect(w.listed()).toEqual([]);
  });

  it('is told to the seller once, and counted once', () => {
    const w = withDeleted();
    const now = w.c.runtime.now;
    w.passMinutes(10);
    expect(w.deleted('a').kind).toBe('ok');
    const page = { from: undefined, limit: 10 };
    const { rows } = asPerson(w.c, 'seller', () => accepted(myNotifications(w.c, page)));
    const told = rows.filter(({ kind }) => kind === 'stray-deleted');
    expect(told).toMatchObject([{ subject: 'Deleted, no rental had it: dc-test-a' }]);
    expect(told[0]?.body).toContain('rental 0 is over or has another');
    expect(w.listed()).toMatchObject([{}, { deletedAt: now }]);
    expect(w.c.storage.strays.deletions.count()).toBe(1);
    expect(w.c.storage.strays.ids.count()).toBe(2);
  });

  it('is believed over a list that is older, and not over one that is younger', () => {
    const w = withDeleted();
    w.passMinutes(HOUR - 1);
    expect(w.report('a')).toBe('delete');
    w.passMinutes(1);
    expect(w.report('a')).toBe('wait');
    expect(w.listed().filter(({ externalId }) => externalId === 'a')).toHaveLength(2);
    w.passMinutes(HOUR);
    expect(w.report('a')).toBe('delete');
    expect(w.deleted('a').kind).toBe('ok');
    expect(w.c.storage.strays.deletions.count()).toBe(2);
  });

  it('of what was never judged is refused', () => {
    const w = withDeleted();
    const { externalId } = rentalIn(new StrayWorld(), 'active');
    for (const unknown of ['never', externalId]) {
      expect(w.deleted(unknown)).toMatchObject({ error: { leaf: { kind: 'not-found' } } });
    }
    expect(w.deleted('')).toMatchObject({ error: { leaf: { argument: 'external_id' } } });
  });

  it('makes room for those that come, and the oldest of a thousand go', () => {
    const w = new StrayWorld();
    for (let number = 0; number <= MAX_STRAYS; number += 1) {
      expect(w.report(`server-${number}`)).toBe('wait');
      expect(w.deleted(`server-${number}`).kind).toBe('ok');
    }
    const listed = w.listed();
    expect(listed).toHaveLength(MAX_STRAYS);
    expect(listed[0]?.externalId).toBe(`server-${MAX_STRAYS}`);
    expect(listed.at(-1)?.externalId).toBe('server-1');
    expect(w.c.storage.strays.due.size()).toBe(MAX_STRAYS);
  });
});

describe('list_strays', () => {
  it('is for the seller, the agent and the operator', () => {
    const w = new StrayWorld();
    w.report('a');
    givenAccount(w.c, 'eve');
    w.c.runtime.controllers = [personCalled('operator')];
    const page = { from: undefined, limit: 10 };
    const read = (who: string, id: CloudAccountId = w.account) =>
      asPerson(w.c, who, () => listStrays(w.c, { cloudAccountId: id, page }));
    for (const who of ['seller', 'bridge', 'operator']) {
      expect(read(who)).toMatchObject({ value: { rows: [{ externalId: 'a' }], next: undefined } });
    }
    for (const who of ['eve', 'platform-agent', 'nobody']) {
      expect(read(who)).toMatchObject({ error: { leaf: { kind: 'not-found' } } });
    }
    expect(read('operator', 99 as CloudAccountId)).toMatchObject({
      error: { leaf: { kind: 'not-found' } },
    });
  });

  it('has nothing of other accounts, and refuses to go on where nothing is', () => {
    const w = new StrayWorld();
    w.report('a');
    const other = givenCloudAccount(w.c, w.offer.provider).id;
    const read = (id: CloudAccountId, from?: (typeof row)['id']) =>
      asPerson(w.c, 'seller', () =>
        listStrays(w.c, { cloudAccountId: id, page: { from, limit: 10 } }),
      );
    const row = present(w.listed()[0], 'a row');
    expect(read(other)).toEqual({ kind: 'ok', value: { rows: [], next: undefined } });
    expect(read(other, row.id)).toMatchObject({ error: { leaf: { argument: 'from' } } });
    expect(read(w.account, row.id)).toMatchObject({ value: { rows: [{ externalId: 'a' }] } });
  });
});
