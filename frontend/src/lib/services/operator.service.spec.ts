import { describe, expect, it } from 'vitest';
import { bridgeHealth, cyclesText, jobName, metricOf, runwayText } from './operator.service.ts';

const METRICS = `# HELP dc_rental_cycles Cycles.
dc_rental_cycles 99990460000000
dc_rental_jobs{job="power",state="ready"} 7
dc_rental_stuck_jobs 2
`;

describe('metricOf', () => {
  it('finds a metric without labels by the end of its name', () => {
    expect(metricOf(METRICS, '_cycles')).toBe(99_990_460_000_000);
    expect(metricOf(METRICS, '_stuck_jobs')).toBe(2);
    expect(metricOf(METRICS, '_jobs{')).toBeUndefined();
    expect(metricOf(METRICS, '_memory')).toBeUndefined();
  });
});

describe('cyclesText', () => {
  it.each([
    [99_990_460_000_000n, '99.99 T'],
    [1_005_000_000_000n, '1.00 T'],
    [0n, '0.00 T'],
  ])('writes %s as %s', (cycles, text) => {
    expect(cyclesText(cycles)).toBe(text);
  });
});

describe('runwayText', () => {
  it.each([
    [10n, 0n, 'not burning'],
    [1000n, 10n, '100 days'],
    [10_000_000n, 1n, 'more than 10 years'],
  ])('of %s at %s a day is %s', (cycles, burn, text) => {
    expect(runwayText(cycles, burn)).toBe(text);
  });
});

describe('bridgeHealth', () => {
  const status = { last_heartbeat_at_ns: 1_000_000n * 1_000_000n } as never;

  it('tells beating, silent and unknown apart', () => {
    expect(bridgeHealth(undefined, 0).label).toBe('never heard of');
    expect(bridgeHealth(status, 1_000_000 + 60_000).label).toBe('beats');
    expect(bridgeHealth(status, 1_000_000 + 600_000).label).toBe('silent for 10 min');
  });
});

describe('jobName', () => {
  it('has words for what it knows and the name for what it does not', () => {
    expect(jobName({ Provision: null })).toBe('Make a machine');
    expect(jobName({ Dance: null })).toBe('Dance');
  });
});
