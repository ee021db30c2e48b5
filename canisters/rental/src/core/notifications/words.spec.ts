import { describe, expect, it } from 'vitest';
import type { UsdE8 } from '@decent-cloud/domain/amount.ts';
import type { RentalId } from '@decent-cloud/domain/ids.ts';
import { after, durationNs, timestampNs } from '@decent-cloud/domain/time.ts';
import type { NoticeKind } from '../rentals/rental-event.ts';
import { cutText } from './cut-text.ts';
import { groupOf, isSent } from './notice-groups.ts';
import { noticeWords, type NoticeFacts } from './words.ts';

const rental = { rentalId: 7 as RentalId, title: 'cx23 in Falkenstein' };
const at = timestampNs(1_795_132_800_123_000_000n);
const reason = 'Hetzner had no cx23 in fsn1 for 10 minutes.';

const FACTS: NoticeFacts = {
  'rental-paid': { ...rental, totalUsdE8: 450_000_000n as UsdE8, readyBy: at },
  'rental-ready': { ...rental, afterNs: durationNs({ seconds: 58 }), endsAt: at },
  'rental-failed': { ...rental, reason },
  'rental-ending-soon': { ...rental, endsAt: at, leftNs: durationNs({ hours: 24 }) },
  'rental-ended': { ...rental, reason },
  'rental-closed': rental,
  'rental-down': { ...rental, since: at, check: 'TCP 22: no answer in 5 s.' },
  'rental-up': { ...rental, downNs: durationNs({ minutes: 12 }) },
  'deletion-delayed': { ...rental, sinceNs: durationNs({ hours: 1 }) },
  'recipe-upgraded': { ...rental, from: '1.4.2', to: '1.5.0' },
  'recipe-rolled-back': { ...rental, from: '1.4.2', to: '1.5.0', reason },
  'operation-failed': { ...rental, operation: 'the restart', reason },
  'cloud-account-invalid': { label: 'hetzner main', reason: 'It answered 401.' },
  'sla-unproven': { ...rental, unknownPpm: 81_250 },
  'stray-deleted': {
    label: 'hetzner main',
    name: 'dc-test-7',
    externalId: '4711',
    rentalId: 7 as RentalId,
    firstSeenAt: at,
    deletedAt: after(at, durationNs({ hours: 1 })),
  },
};

/** Of what is not about a rental. */
const NAMES: Partial<Record<NoticeKind, string>> = {
  'cloud-account-invalid': 'hetzner main',
  'stray-deleted': 'dc-test-7',
};

const KINDS = Object.keys(FACTS) as NoticeKind[];

describe('noticeWords', () => {
  it.each(KINDS)('says in %s what it is about, and what to do', (kind) => {
    const { subject, body } = noticeWords(kind, FACTS[kind]);
    expect(subject).toContain(NAMES[kind] ?? 'cx23 in Falkenstein (rental 7)');
    expect(subject.length).toBeLessThanOrEqual(120);
    expect(body).toMatch(/[Oo]pen|choose|Extend|Look at|Replace|Agree|Compare/);
    expect(body).not.toMatch(/undefined|\[object|NaN/);
  });

  it.each([
    ['rental-paid', 'Paid $4.50', 'ready by 2026-11-20 00:00 UTC'],
    ['rental-ready', 'Ready after 58 seconds', 'paid until 2026-11-20 00:00 UTC'],
    ['rental-failed', 'Not delivered', reason],
    ['rental-ending-soon', 'Ends in 1 day', 'deleted'],
    ['rental-down', 'Down', 'TCP 22: no answer in 5 s.'],
    ['rental-up', 'after 12 minutes', 'do not pay'],
    ['deletion-delayed', '1 hour', 'confirmed'],
    ['recipe-rolled-back', 'Still on 1.4.2', 'upgrade to 1.5.0'],
    ['operation-failed', 'the restart', 'The restart failed.'],
    ['sla-unproven', '8.1 %', 'above 5 %'],
    [
      'stray-deleted',
      'dc-test-7',
      '2026-11-20 00:00 UTC at the latest and was deleted at 2026-11-20 01',
    ],
    ['stray-deleted', 'dc-test-7', '(4711) of hetzner main'],
    ['stray-deleted', 'dc-test-7', 'no rental had it: rental 7 is over or has another.'],
  ] as const)('has the number of %s', (kind, inSubject, inText) => {
    const { subject, body } = noticeWords(kind, FACTS[kind]);
    expect(subject).toContain(inSubject);
    expect(body).toContain(inText);
  });

  it('names no rental of a server whose label names none', () => {
    const { body } = noticeWords('stray-deleted', {
      ...FACTS['stray-deleted'],
      rentalId: undefined,
    });
    expect(body).toContain('no rental had it. It was there');
  });

  it.each([
    [450_000_001n, '$4.50000001'],
    [100_000_000_000n, '$1000.00'],
    [1_000_000n, '$0.01'],
    [0n, '$0.00'],
  ])('writes %s as %s', (amount, written) => {
    const facts = { ...FACTS['rental-paid'], totalUsdE8: amount as UsdE8 };
    expect(noticeWords('rental-paid', facts).body).toContain(`${written} is held`);
  });
});

describe('isSent', () => {
  it('always sends money and outage, and the rest unless it is muted', () => {
    const muted = ['money', 'outage', 'lifecycle', 'news'] as const;
    const sent = KINDS.filter((kind) => isSent(kind, muted));
    expect(sent.map(groupOf)).not.toContain('lifecycle');
    expect(sent).toContain('rental-failed');
    expect(sent).toContain('rental-down');
    expect(KINDS.filter((kind) => isSent(kind, []))).toEqual(KINDS);
  });
});

describe('cutText', () => {
  it('keeps what fits and never half a character', () => {
    expect(cutText('abcd', 4)).toBe('abcd');
    expect(cutText('abcde', 4)).toBe('abc…');
    expect(cutText('ab😀de', 4)).toBe('ab…');
    expect(cutText('ab😀de', 5)).toBe('ab😀…');
  });
});
