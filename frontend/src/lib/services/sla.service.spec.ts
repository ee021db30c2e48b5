import { describe, expect, it } from 'vitest';
import {
  allowedText,
  slaRows,
  slaSteps,
  slaSum,
  thresholdText,
  unprovenText,
  type SlaFacts,
} from './sla.service.ts';

const DAY_NS = 86_400_000_000_000n;
const TABLE = [
  { belowPpm: 999_000, creditBps: 1_000 },
  { belowPpm: 990_000, creditBps: 2_500 },
];
/** The treasury's own example: a day of thirty was down, and 29 of 30 days vested. */
const FACTS: SlaFacts = {
  table: TABLE,
  dueNs: 30n * DAY_NS,
  outageNs: DAY_NS,
  vested: 9_666_666_666n,
};

describe('slaSum', () => {
  it('is what the treasury computes, to the last unit', () => {
    const sum = slaSum(FACTS);
    expect(sum).toMatchObject({ uptimePpm: 966_666, row: TABLE[1], left: 7_249_999_999n });
    expect(sum.credit).toBe(FACTS.vested - 7_249_999_999n);
  });

  it('gives nothing at the promised uptime itself, and something right below it', () => {
    const dueNs = 1_000_000n;
    expect(slaSum({ ...FACTS, dueNs, outageNs: 1_000n }).row).toBeUndefined();
    expect(slaSum({ ...FACTS, dueNs, outageNs: 1_001n }).row).toBe(TABLE[0]);
  });

  it('says nothing of no time', () => {
    const sum = slaSum({ ...FACTS, dueNs: 0n, outageNs: 0n });
    expect(sum).toMatchObject({ uptimePpm: undefined, row: undefined, credit: 0n });
  });
});

describe('slaSteps', () => {
  it('shows every number', () => {
    const text = slaSteps(FACTS, { decimals: 8, symbol: 'ckBTC' }).join('\n');
    expect(text).toContain('96.666 %');
    expect(text).toContain('Below 99 %: 25 % of what vested');
    expect(text).toContain('96.66666666 ckBTC × 25 % = 24.16666667 ckBTC');
  });

  it('says that no credit is due', () => {
    const steps = slaSteps({ ...FACTS, outageNs: 0n }, { decimals: 8, symbol: 'ckBTC' });
    expect(steps.at(-1)).toContain('no credit is due');
  });
});

describe('words', () => {
  it('mark the row that applies', () => {
    const rows = slaRows(TABLE, TABLE[1]);
    expect(rows.map(({ isApplied }) => isApplied)).toEqual([false, true]);
    expect(rows[0]).toMatchObject({ below: 'below 99.9 %', credit: '10 %' });
    expect(thresholdText(999_500)).toBe('99.95 %');
  });

  it('tell what is left of the allowed down time', () => {
    expect(allowedText(undefined)).toContain('promised no uptime');
    expect(allowedText(0n)).toContain('Used up');
    expect(allowedText(720_000_000_000n)).toMatch(/^12 min left/);
  });

  it('warn from more than 5 % unmeasured on', () => {
    expect(unprovenText(undefined)).toBeUndefined();
    expect(unprovenText(50_000)).toBeUndefined();
    expect(unprovenText(50_001)).toMatch(/5\.000 %.*14 days/);
  });
});
