import { describe, expect, it } from 'vitest';
import type { Rental } from '../api/wire.ts';
import {
  checksCsv,
  countSlots,
  DAY_MS,
  dayStrip,
  flipText,
  hourStrip,
  incidentsOf,
  recomputedPpm,
  slotsOf,
  uptimeFigure,
  type DaySlots,
  type SlotStatus,
} from './uptime.service.ts';

const CODES: Readonly<Record<SlotStatus, number>> = { up: 0, down: 1, excluded: 2, unknown: 3 };
const TODAY = 20_780;
const NOW_MS = TODAY * DAY_MS + 14.5 * 3_600_000;

/** A day that is up but for what is said of its slots. */
function dayOf(day: number, other: Readonly<Record<number, SlotStatus>> = {}): DaySlots {
  const slots = new Uint8Array(72);
  for (const [index, status] of Object.entries(other)) {
    const at = Number(index);
    const byte = Math.floor(at / 4);
    slots[byte] = (slots[byte] ?? 0) | (CODES[status] << (2 * (at % 4)));
  }
  return { day, slots };
}

const counts = (day: number, change: Partial<Record<SlotStatus, number>> = {}) => ({
  day,
  up: 0,
  down: 0,
  excluded: 0,
  unknown: 0,
  ...change,
});

describe('slotsOf', () => {
  it('reads two bits each, the first in the lowest, hour after hour', () => {
    const slots = slotsOf(dayOf(TODAY, { 0: 'down', 11: 'excluded', 12: 'unknown', 287: 'down' }));
    expect([slots[0], slots[1], slots[11], slots[12], slots[287]]).toEqual([
      'down',
      'up',
      'excluded',
      'unknown',
      'down',
    ]);
    expect(countSlots(slots)).toEqual({ up: 284, down: 2, excluded: 1, unknown: 1 });
  });
});

describe('incidentsOf', () => {
  it('joins down slots, over midnight too', () => {
    const days = [
      dayOf(TODAY, { 0: 'down', 5: 'down', 6: 'down' }),
      dayOf(TODAY - 1, { 286: 'down', 287: 'down' }),
    ];
    const minutes = incidentsOf(days).map(({ fromMs, toMs }) => (toMs - fromMs) / 60_000);
    expect(minutes).toEqual([15, 10]);
  });
});

describe('dayStrip', () => {
  const strip = dayStrip({
    days: [
      counts(TODAY - 3, { up: 200, down: 3 }),
      counts(TODAY - 2, { up: 287, down: 1 }),
      counts(TODAY - 1, { excluded: 288 }),
      counts(TODAY, { up: 12 }),
    ],
    incidents: [
      { fromMs: (TODAY - 3) * DAY_MS, toMs: (TODAY - 3) * DAY_MS + 300_000 },
      { fromMs: (TODAY - 3) * DAY_MS + 900_000, toMs: (TODAY - 3) * DAY_MS + 1_500_000 },
    ],
    nowMs: NOW_MS,
  });

  it('has 90 cells that end today', () => {
    expect(strip).toHaveLength(90);
    expect(strip.at(-1)).toMatchObject({ key: TODAY, kind: 'up' });
    expect(strip.at(-1)?.text).toMatch(/\(today\) — up in all 12 checks$/);
  });

  it('is grey without data, never green', () => {
    expect(strip[0]).toMatchObject({ kind: 'none' });
    expect(strip[0]?.text).toContain('no data');
    expect(strip.at(-2)).toMatchObject({ kind: 'off' });
  });

  it('tells small and large down times apart, with incidents and minutes', () => {
    expect(strip.at(-3)).toMatchObject({ kind: 'minor' });
    expect(strip.at(-4)).toMatchObject({ kind: 'major' });
    expect(strip.at(-4)?.text).toMatch(/ — 2 incidents, 15 min down$/);
  });
});

describe('hourStrip', () => {
  it('has the last 24 hours, those of yesterday too', () => {
    const strip = hourStrip([dayOf(TODAY, { 168: 'down' }), dayOf(TODAY - 1)], NOW_MS);
    expect(strip).toHaveLength(24);
    expect(strip.at(-1)).toMatchObject({ kind: 'major', label: '14:00–15:00 UTC' });
    expect(strip.at(-1)?.text).toContain('1 incident, 5 min down');
    expect(strip[0]).toMatchObject({ kind: 'up', label: '15:00–16:00 UTC' });
  });
});

describe('uptimeFigure', () => {
  const uptime = (ppm: [] | [number], up: number, down: number): Rental.Uptime => ({
    ppm,
    counts: { up, down, excluded: 0, unknown: 5 },
  });

  it('says that there is no data, and never 100 % of nothing', () => {
    expect(uptimeFigure(uptime([], 0, 0))).toEqual({ value: 'no data yet', checks: '0 checks' });
    expect(uptimeFigure(uptime([1_000_000], 0, 0)).value).toBe('no data yet');
  });

  it('counts the checks and never rounds up to 100 %', () => {
    expect(uptimeFigure(uptime([999_999], 8_639, 1))).toEqual({
      value: '99.999 %',
      checks: '8,640 checks',
    });
    expect(uptimeFigure(uptime([1_000_000], 1, 0)).checks).toBe('1 check');
  });
});

describe('recomputedPpm', () => {
  it('is what the canister computes', () => {
    expect(recomputedPpm({ up: 287, down: 1 })).toBe(996_528);
    expect(recomputedPpm({ up: 0, down: 0 })).toBeUndefined();
  });
});

describe('checksCsv', () => {
  it('has every check that was measured, so that anybody can compute anew', () => {
    const fromMs = TODAY * DAY_MS + 600_000;
    const csv = checksCsv([dayOf(TODAY, { 3: 'down' })], { fromMs, toMs: fromMs + 900_000 });
    const [header, ...lines] = csv.trimEnd().split('\r\n');
    expect(header).toBe('five_minutes_from_utc,status');
    expect(lines.map((line) => line.slice(11))).toEqual([
      '00:10:00Z,up',
      '00:15:00Z,down',
      '00:20:00Z,up',
    ]);
  });
});

describe('flipText', () => {
  it('says what was tried and what came back', () => {
    const flip: Rental.Flip = {
      at_ns: BigInt(TODAY * DAY_MS) * 1_000_000n,
      is_up: false,
      checks: [{ what: 'TCP 22 from fsn1', result: 'no answer', latency_ms: 5_000 }],
      next_check_ns: BigInt(TODAY * DAY_MS + 60_000) * 1_000_000n,
    };
    const text = flipText(flip);
    expect(text.title).toMatch(/^Went down at .* UTC$/);
    expect(text.tries).toEqual(['TCP 22 from fsn1: no answer (5000 ms)']);
  });
});
