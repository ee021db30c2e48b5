import { Principal } from '@dfinity/principal';
import { describe, expect, it } from 'vitest';
import { bps, DAY, HOUR, lasting, TERMS, who } from '../../testing/escrow-terms.fake.ts';
import { checkTerms } from './check-terms.ts';
import type { RentalTerms } from './quote.ts';

const MINUTE = 60_000_000_000n;
const row = (belowPpm: number, creditBps: number) => ({ belowPpm, creditBps: bps(creditBps) });
const split = (platformBps: number, authorBps: number) => ({
  split: { platformBps: bps(platformBps), authorBps: bps(authorBps) },
});

describe('checkTerms', () => {
  it.each<[string, Partial<RentalTerms>]>([
    ['as usual', {}],
    ['an hour', { termNs: HOUR, noticeNs: HOUR }],
    ['366 days', { termNs: lasting(366n * DAY) }],
    ['the highest share of an author', split(300, 1_000)],
    ['no author', { ...split(300, 0), author: undefined }],
    ['5 minutes to start', { provisionWithinNs: lasting(5n * MINUTE) }],
    ['32 days to start', { provisionWithinNs: lasting(32n * DAY) }],
    ['no uptime promise', { slaCredits: [], providerPenaltyBps: bps(0) }],
    ['everything back', { slaCredits: [row(1_000_000, 10_000)], providerPenaltyBps: bps(10_000) }],
  ])('takes %s', (_, change) => {
    expect(checkTerms({ ...TERMS, ...change }).kind).toBe('ok');
  });

  it.each<[string, string, Partial<RentalTerms>]>([
    ['draft_hash', 'a short hash', { draftHash: new Uint8Array(31) }],
    ['payer', 'nobody', { payer: Principal.anonymous() }],
    ['provider', 'nobody', { provider: Principal.anonymous() }],
    ['author', 'nobody', { author: Principal.anonymous() }],
    ['total_usd_e8', 'nothing', { totalUsdE8: 0n as RentalTerms['totalUsdE8'] }],
    ['total_usd_e8', 'a fortune', { totalUsdE8: (10n ** 15n + 1n) as RentalTerms['totalUsdE8'] }],
    ['term_ns', 'less than an hour', { termNs: lasting(HOUR - 1n), noticeNs: lasting(0n) }],
    ['term_ns', 'more than 366 days', { termNs: lasting(366n * DAY + 1n) }],
    ['notice_ns', 'a notice beyond the term', { noticeNs: lasting(30n * DAY + 1n) }],
    [
      'provision_within_ns',
      'less than 5 minutes',
      { provisionWithinNs: lasting(5n * MINUTE - 1n) },
    ],
    ['provision_within_ns', 'more than 32 days', { provisionWithinNs: lasting(32n * DAY + 1n) }],
    ['split', 'a cheaper platform', split(299, 500)],
    ['split', 'a dearer platform', split(301, 500)],
    ['split', 'a greedy author', split(300, 1_001)],
    ['split', 'a negative author', split(300, -1)],
    ['split', 'half a basis point', split(300, 0.5)],
    ['author', 'a share without an author', { author: undefined }],
    ['author', 'an author without a share', { ...split(300, 0), author: who.author }],
    ['sla_credits', 'six rows', { slaCredits: [6, 5, 4, 3, 2, 1].map((ppm) => row(ppm, 1)) }],
    ['sla_credits', 'rows in the wrong order', { slaCredits: [row(900_000, 1), row(990_000, 2)] }],
    ['sla_credits', 'the same row twice', { slaCredits: [row(900_000, 1), row(900_000, 2)] }],
    ['sla_credits', 'less for worse', { slaCredits: [row(990_000, 2), row(900_000, 1)] }],
    ['sla_credits', 'uptime above 100 %', { slaCredits: [row(1_000_001, 1)] }],
    ['sla_credits', 'uptime below nothing', { slaCredits: [row(0, 1)] }],
    ['sla_credits', 'more than everything', { slaCredits: [row(1, 10_001)] }],
    ['provider_penalty_bps', 'more than everything', { providerPenaltyBps: bps(10_001) }],
    ['provider_penalty_bps', 'a reward', { providerPenaltyBps: bps(-1) }],
  ])('refuses by %s: %s', (argument, _, change) => {
    expect(checkTerms({ ...TERMS, ...change })).toMatchObject({ error: { argument } });
  });
});
