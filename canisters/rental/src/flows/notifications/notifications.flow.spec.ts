import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { after, durationNs, timestampNs } from '@decent-cloud/domain/time.ts';
import type { NotificationId } from '../../core/ids.ts';
import {
  asPerson,
  givenAccount,
  givenCloudAccount,
  givenProvider,
  givenSettings,
} from '../../testing/accounts.fake.ts';
import { fakeCanister, type FakeCanister } from '../../testing/fake-canister.fake.ts';
import { MAILBOX_SIZE, wipeMailbox } from './mailbox.ts';
import { notify, type Notice } from './notify.ts';
import { ackNotices, claimNotices } from './outbox.flow.ts';
import { markRead, myNotifications } from './read-notifications.flow.ts';

const refused = (leaf: object) => ({ kind: 'err', error: { leaf } });

function world() {
  const c = fakeCanister();
  givenSettings(c);
  const recipient = givenAccount(c, 'ann').id;
  const tell = (eventKey: string, change: Partial<Notice> = {}) => {
    const words = { subject: `about ${eventKey}`, body: 'Open it.' };
    notify(c, { recipient, kind: 'rental-ready', ...words, eventKey, ...change });
  };
  return { c, recipient, tell };
}

function mailOf(c: FakeCanister, from?: NotificationId, limit = 50) {
  const page = asPerson(c, 'ann', () => myNotifications(c, { from, limit }));
  if (page.kind === 'err') throw new Error(page.error.message);
  return page.value;
}

function claimed(c: FakeCanister, max = 50): readonly NotificationId[] {
  const notices = asPerson(c, 'platform-agent', () => claimNotices(c, max));
  if (notices.kind === 'err') throw new Error(notices.error.message);
  return notices.value.map(({ notification }) => notification.id);
}

const ack = (c: FakeCanister, ids: readonly NotificationId[]) =>
  asPerson(c, 'platform-agent', () => ackNotices(c, ids));

describe('notify', () => {
  it('tells an event once to each recipient, across an upgrade too', () => {
    const { c, recipient, tell } = world();
    const bob = givenAccount(c, 'bob').id;
    tell('ready:7');
    tell('ready:7', { subject: 'again' });
    tell('ready:7', { recipient: bob });
    tell('ready:8');
    const words = { subject: 'after the upgrade', body: 'Open it.' };
    notify(c.upgraded(), { recipient, kind: 'rental-ready', ...words, eventKey: 'ready:8' });
    expect(mailOf(c).rows.map(({ subject }) => subject)).toEqual([
      'about ready:8',
      'about ready:7',
    ]);
    expect(claimed(c)).toHaveLength(3);
  });

  it('tells an account that was deleted nothing', () => {
    const { c, recipient, tell } = world();
    c.storage.accounts.accounts.remove(recipient);
    tell('ready:7');
    expect(c.storage.notifications.notifications.size()).toBe(0);
    expect(c.storage.notifications.outbox.size()).toBe(0);
  });

  it('keeps what is muted in the mailbox only, and sends money and outage always', () => {
    const { c, recipient, tell } = world();
    const account = givenAccount(c, 'ann');
    const preferences = { email: '', muted: ['money', 'outage', 'lifecycle'] as const };
    c.storage.accounts.accounts.set(recipient, { ...account, preferences });
    for (const kind of ['rental-ready', 'rental-failed', 'rental-down'] as const) {
      tell(kind, { kind });
    }
    expect(mailOf(c).rows).toHaveLength(3);
    const sent = asPerson(c, 'platform-agent', () => claimNotices(c, 50));
    expect(sent).toMatchObject({
      value: [
        { notification: { kind: 'rental-failed' } },
        { notification: { kind: 'rental-down' } },
      ],
    });
  });

  it('cuts words that are too long', () => {
    const { c, tell } = world();
    tell('long', { subject: 's'.repeat(500), body: 't'.repeat(5_000) });
    const [row] = mailOf(c).rows;
    expect(row?.subject).toHaveLength(120);
    expect(row?.body).toHaveLength(1_000);
  });

  it('keeps the newest of an account and nothing of the others', () => {
    const { c, recipient, tell } = world();
    const count = MAILBOX_SIZE + 20;
    for (let event = 0; event < count; event += 1) tell(`e${event}`);
    const { notifications, told, outbox, places } = c.storage.notifications;
    for (const table of [notifications, told, outbox, places]) {
      expect(table.size()).toBe(MAILBOX_SIZE);
    }
    const subjects: string[] = [];
    let from: NotificationId | undefined;
    do {
      const page = mailOf(c, from);
      expect(page.unread).toBe(MAILBOX_SIZE);
      subjects.push(...page.rows.map(({ subject }) => subject));
      from = page.next;
    } while (from !== undefined);
    expect(subjects).toEqual(
      Array.from({ length: MAILBOX_SIZE }, (_, index) => `about e${count - 1 - index}`),
    );
    wipeMailbox(c, recipient);
    for (const table of [notifications, told, outbox, places, c.storage.notifications.mailboxes]) {
      expect(table.size()).toBe(0);
    }
  });
});

describe('myNotifications', () => {
  it('starts a page where the one before ended, and says when that row is gone', () => {
    const { c, tell } = world();
    tell('first');
    const gone = mailOf(c).rows[0]?.id;
    for (let event = 0; event < MAILBOX_SIZE; event += 1) tell(`e${event}`);
    const read = asPerson(c, 'ann', () => myNotifications(c, { from: gone, limit: 5 }));
    expect(read).toMatchObject(refused({ kind: 'invalid-argument', argument: 'from' }));
    const newest = mailOf(c, undefined, 2);
    expect(mailOf(c, newest.next, 1).rows[0]?.subject).toBe(`about e${MAILBOX_SIZE - 3}`);
  });

  it("refuses another's row as a start, wrong limits, and callers without an account", () => {
    const { c, tell } = world();
    tell('mine');
    const from = mailOf(c).rows[0]?.id;
    givenAccount(c, 'bob');
    const read = (name: string, request: Parameters<typeof myNotifications>[1]) =>
      asPerson(c, name, () => myNotifications(c, request));
    const wrong = (argument: string) => refused({ kind: 'invalid-argument', argument });
    expect(read('bob', { from, limit: 5 })).toMatchObject(wrong('from'));
    for (const limit of [0, 51]) {
      expect(read('ann', { from: undefined, limit })).toMatchObject(wrong('limit'));
    }
    expect(read('nobody', { from, limit: 5 })).toMatchObject(refused({ kind: 'not-found' }));
  });
});

describe('markRead', () => {
  it('counts what is unread as a naive list does', () => {
    const step = fc.oneof(
      fc.constant({ kind: 'tell' as const }),
      fc.constant({ kind: 'all' as const }),
      fc.record({
        kind: fc.constant('some' as const),
        picks: fc.array(fc.nat(30), { maxLength: 5 }),
      }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const { c, tell } = world();
        const unread = new Map<NotificationId, boolean>();
        steps.forEach((one, index) => {
          const ids = [...unread.keys()];
          if (one.kind === 'tell') {
            tell(`e${index}`);
            const id = mailOf(c, undefined, 1).rows[0]?.id;
            if (id !== undefined) unread.set(id, true);
          } else {
            const picked =
              one.kind === 'all' ? undefined : one.picks.flatMap((at) => ids.slice(at, at + 1));
            for (const id of picked ?? ids) unread.set(id, false);
            const left = [...unread.values()].filter(Boolean).length;
            const marked = asPerson(c, 'ann', () => markRead(c, picked));
            expect(marked).toEqual({ kind: 'ok', value: left });
          }
          const { rows, unread: count } = mailOf(c);
          expect(count).toBe([...unread.values()].filter(Boolean).length);
          expect(rows.every(({ id, isRead }) => isRead !== unread.get(id))).toBe(true);
        });
      }),
      { numRuns: 50 },
    );
  });

  it("leaves others' notifications alone and refuses too many", () => {
    const { c, tell } = world();
    tell('mine');
    const { rows } = mailOf(c);
    const ids = rows.map(({ id }) => id);
    expect(asPerson(c, 'bob', () => markRead(c, ids))).toEqual({ kind: 'ok', value: 0 });
    expect(mailOf(c).unread).toBe(1);
    const many = Array.from({ length: 51 }, () => 0 as NotificationId);
    expect(asPerson(c, 'ann', () => markRead(c, many))).toMatchObject(
      refused({ kind: 'invalid-argument', argument: 'ids' }),
    );
  });
});

describe('the outbox', () => {
  it('gives a notice to one agent until it is acknowledged or two minutes are over', () => {
    const { c, tell } = world();
    for (const event of ['a', 'b', 'c']) tell(event);
    const first = claimed(c, 2);
    expect(first).toHaveLength(2);
    expect(claimed(c)).toHaveLength(1);
    expect(claimed(c)).toEqual([]);
    expect(ack(c, first.slice(0, 1)).kind).toBe('ok');
    expect(ack(c, first.slice(0, 1)).kind).toBe('ok');
    c.runtime.now = after(c.runtime.now, durationNs({ minutes: 2 }));
    const again = claimed(c.upgraded());
    expect(again).toHaveLength(2);
    expect(again).toContain(first[1]);
    ack(c, again);
    c.runtime.now = after(c.runtime.now, durationNs({ minutes: 2 }));
    expect(claimed(c)).toEqual([]);
    expect(c.storage.notifications.outbox.size()).toBe(0);
    expect(mailOf(c).rows).toHaveLength(3);
  });

  it('goes with an address, and drops week-old news', () => {
    const { c, tell } = world();
    tell('old');
    c.runtime.now = timestampNs(c.runtime.now + durationNs({ days: 8 }));
    tell('new');
    const notices = asPerson(c, 'platform-agent', () => claimNotices(c, 50));
    expect(notices).toMatchObject({
      value: [{ notification: { eventKey: 'new' }, email: 'ann@example.com' }],
    });
    expect(c.storage.notifications.outbox.size()).toBe(1);
    expect(mailOf(c).rows).toHaveLength(2);
  });

  it('is for agents of the platform', () => {
    const { c, tell } = world();
    tell('mine');
    givenCloudAccount(c, givenProvider(c, 'sam'));
    for (const name of ['ann', 'bridge']) {
      expect(asPerson(c, name, () => claimNotices(c, 1))).toMatchObject(
        refused({ kind: 'not-allowed' }),
      );
      expect(asPerson(c, name, () => ackNotices(c, []))).toMatchObject(
        refused({ kind: 'not-allowed' }),
      );
    }
    for (const max of [0, 51]) {
      expect(asPerson(c, 'platform-agent', () => claimNotices(c, max))).toMatchObject(
        refused({ kind: 'invalid-argument', argument: 'max' }),
      );
    }
    expect(claimed(c)).toHaveLength(1);
  });
});
