import { describe, expect, it } from 'vitest';
import { ruleLines, slaSentences } from './rent-words.service.ts';

const HOUR = 3_600_000_000_000n;
const OFFER = {
  notice_ns: 0n,
  provision_within_ns: HOUR / 2n,
  provider_penalty_bps: 1_000,
  min_term_ns: HOUR,
  max_term_ns: 365n * 24n * HOUR,
};

describe('ruleLines', () => {
  it('say every rule of an offer', () => {
    expect(ruleLines(OFFER).map(({ label, value }) => `${label}: ${value}`)).toEqual([
      'Term: 1 hour to 365 days',
      'If you cancel: No notice',
      'Ready within: 30 minutes',
      'If the seller cancels: 10 % penalty',
    ]);
  });

  it('say what a notice costs, and promise no penalty that there is not', () => {
    const lines = ruleLines({ ...OFFER, notice_ns: 24n * HOUR, provider_penalty_bps: 0 });
    expect(lines[1]?.small).toBe(
      'You pay for at least 1 day once it runs. The rest comes back at once.',
    );
    expect(lines[3]?.small).toBe('The time that is not used comes back.');
  });
});

describe('slaSentences', () => {
  it('say the table in words', () => {
    expect(slaSentences([{ below_ppm: 999_000, credit_bps: 1_050 }])).toEqual([
      'Up less than 99.9 % of the time: 10.5 % of what you paid for that time comes back.',
    ]);
  });
});
