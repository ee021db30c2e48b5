import type { Rental } from '../api/wire.ts';
import { durationText, msOfNs, ppmText } from './format.service.ts';

/** How many slots of five minutes were what. */
export interface SlotCounts {
  readonly up: number;
  readonly down: number;
  readonly excluded: number;
  readonly unknown: number;
}

/** A stretch of time in which it was down without a break. */
export interface Incident {
  readonly fromMs: number;
  readonly toMs: number;
}

/** One cell of a strip: its colour, its height, and its words. */
export interface HeatCell {
  readonly key: number;
  /** `Aug 3` or `14:00–15:00`. */
  readonly label: string;
  /** `none`: nothing is known. `off`: only time that does not count. */
  readonly kind: 'none' | 'off' | 'up' | 'minor' | 'major';
  readonly text: string;
}

export interface DaySlots {
  readonly day: number;
  /** 72 bytes: three an hour, twelve slots of two bits, the lowest first. */
  readonly slots: Uint8Array;
}

export const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const SLOT_MS = 300_000;
const SLOT_MINUTES = 5;
const SLOTS_PER_DAY = 288;
const SLOTS_PER_HOUR = 12;
const STRIP_DAYS = 90;
/** From this share of the known time on a day is drawn as a bad one: 1 %. */
const MAJOR_SHARE = 0.01;

const STATUSES = ['up', 'down', 'excluded', 'unknown'] as const;
export type SlotStatus = (typeof STATUSES)[number];

/** What each slot of a day was, oldest first. */
export function slotsOf({ slots }: DaySlots): readonly SlotStatus[] {
  return Array.from({ length: SLOTS_PER_DAY }, (_slot, index) => {
    const byte = slots[Math.floor(index / 4)] ?? 0xff;
    return STATUSES[(byte >>> (2 * (index % 4))) & 3] ?? 'unknown';
  });
}

export function countSlots(slots: readonly SlotStatus[]): SlotCounts {
  const count = (status: SlotStatus) => slots.filter((slot) => slot === status).length;
  return {
    up: count('up'),
    down: count('down'),
    excluded: count('excluded'),
    unknown: count('unknown'),
  };
}

/** Every stretch of down slots of those days, over midnight too, the oldest first. */
export function incidentsOf(days: readonly DaySlots[]): readonly Incident[] {
  const found: { fromMs: number; toMs: number }[] = [];
  for (const day of days.toSorted((one, other) => one.day - other.day)) {
    slotsOf(day).forEach((status, index) => {
      if (status !== 'down') return;
      const fromMs = day.day * DAY_MS + index * SLOT_MS;
      const last = found.at(-1);
      if (last?.toMs === fromMs) last.toMs = fromMs + SLOT_MS;
      else found.push({ fromMs, toMs: fromMs + SLOT_MS });
    });
  }
  return found;
}

export interface StripInput {
  readonly days: readonly (SlotCounts & { readonly day: number })[];
  /** As far as they are known; without them a day says only how long it was down. */
  readonly incidents: readonly Incident[];
  readonly nowMs: number;
}

/** 90 cells, one for each day of UTC until today; days without data are there, and grey. */
export function dayStrip({ days, incidents, nowMs }: StripInput): readonly HeatCell[] {
  const today = Math.floor(nowMs / DAY_MS);
  const known = new Map(days.map((one) => [one.day, one]));
  return Array.from({ length: STRIP_DAYS }, (_cell, index) => {
    const day = today - STRIP_DAYS + 1 + index;
    const range = { fromMs: day * DAY_MS, toMs: (day + 1) * DAY_MS };
    const label = `${dayLabel(day)}${day === today ? ' (today)' : ''}`;
    return cellOf({ key: day, label, counts: known.get(day), incidents: within(incidents, range) });
  });
}

/** 24 cells: the hours until now. */
export function hourStrip(days: readonly DaySlots[], nowMs: number): readonly HeatCell[] {
  const lastHour = Math.floor(nowMs / HOUR_MS);
  const incidents = incidentsOf(days);
  return Array.from({ length: 24 }, (_cell, index) => {
    const hour = lastHour - 23 + index;
    const day = days.find((one) => one.day === Math.floor(hour / 24));
    const start = (hour % 24) * SLOTS_PER_HOUR;
    const counts =
      day === undefined ? undefined : countSlots(slotsOf(day).slice(start, start + SLOTS_PER_HOUR));
    const range = { fromMs: hour * HOUR_MS, toMs: (hour + 1) * HOUR_MS };
    const label = `${clockLabel(range.fromMs)}–${clockLabel(range.toMs)} UTC`;
    return cellOf({ key: hour, label, counts, incidents: within(incidents, range) });
  });
}

interface CellInput {
  readonly key: number;
  readonly label: string;
  readonly counts: SlotCounts | undefined;
  readonly incidents: readonly Incident[];
}

function cellOf({ key, label, counts, incidents }: CellInput): HeatCell {
  const known = counts === undefined ? 0 : counts.up + counts.down;
  if (counts === undefined || known === 0) {
    const isOff = (counts?.excluded ?? 0) > 0;
    const text = isOff ? 'switched off or worked on, not counted' : 'no data';
    return { key, label, kind: isOff ? 'off' : 'none', text: `${label} — ${text}` };
  }
  if (counts.down === 0) {
    return {
      key,
      label,
      kind: 'up',
      text: `${label} — up in ${known === 1 ? 'its only check' : `all ${known} checks`}`,
    };
  }
  const kind = counts.down / known < MAJOR_SHARE ? 'minor' : 'major';
  const down = `${durationText(counts.down * SLOT_MINUTES * 60)} down`;
  const count = incidents.length;
  const words = count === 0 ? down : `${count} ${count === 1 ? 'incident' : 'incidents'}, ${down}`;
  return { key, label, kind, text: `${label} — ${words}` };
}

function within(incidents: readonly Incident[], range: Incident): readonly Incident[] {
  return incidents.filter((one) => one.fromMs < range.toMs && one.toMs > range.fromMs);
}

const DAY_FORMAT = new Intl.DateTimeFormat('en', {
  month: 'short',
  day: 'numeric',
  timeZone: 'UTC',
});

/** `Aug 3`. */
function dayLabel(day: number): string {
  return DAY_FORMAT.format(day * DAY_MS);
}

/** `14:05`, in UTC. */
function clockLabel(atMs: number): string {
  return new Date(atMs).toISOString().slice(11, 16);
}

/** A percentage with what it was computed from; never 100 % of nothing. */
export interface UptimeFigure {
  readonly label: string;
  readonly value: string;
  readonly checks: string;
}

const SPANS = [
  ['24 hours', 'hours24'],
  ['7 days', 'days7'],
  ['30 days', 'days30'],
  ['90 days', 'days90'],
] as const;

export function uptimeFigures(report: Rental.UptimeReport): readonly UptimeFigure[] {
  return SPANS.map(([label, key]) => ({ label, ...uptimeFigure(report[key]) }));
}

/** `99.652 %` of `288 checks`, or `no data yet`. */
export function uptimeFigure(uptime: Rental.Uptime): Omit<UptimeFigure, 'label'> {
  const [ppm] = uptime.ppm;
  const { up, down } = uptime.counts;
  const count = up + down;
  if (ppm === undefined || count === 0) return { value: 'no data yet', checks: '0 checks' };
  return {
    value: ppmText(ppm),
    checks: `${count.toLocaleString('en')} ${count === 1 ? 'check' : 'checks'}`,
  };
}

/** Millionths, computed anew from the checks themselves; undefined if none says anything. */
export function recomputedPpm(counts: Pick<SlotCounts, 'up' | 'down'>): number | undefined {
  const known = counts.up + counts.down;
  return known === 0 ? undefined : Math.round((counts.up * 1_000_000) / known);
}

/** The last change in a sentence, and each try that led to it. */
export function flipText(flip: Rental.Flip): {
  readonly title: string;
  readonly tries: readonly string[];
  readonly nextCheckMs: number;
} {
  const at = new Date(msOfNs(flip.at_ns)).toISOString().replace('T', ' ').slice(0, 19);
  return {
    title: flip.is_up ? `Came up again at ${at} UTC` : `Went down at ${at} UTC`,
    tries: flip.checks.map(
      ({ what, result, latency_ms: latency }) => `${what}: ${result} (${latency} ms)`,
    ),
    nextCheckMs: msOfNs(flip.next_check_ns),
  };
}

/** Every check as a line of CSV: when its five minutes began, in UTC, and what it was. */
export function checksCsv(
  days: readonly DaySlots[],
  measured: { readonly fromMs: number; readonly toMs: number },
): string {
  const lines = days.flatMap((day) =>
    slotsOf(day).flatMap((status, index) => {
      const atMs = day.day * DAY_MS + index * SLOT_MS;
      const isMeasured = atMs >= measured.fromMs && atMs < measured.toMs;
      return isMeasured ? [`${new Date(atMs).toISOString().slice(0, 19)}Z,${status}\r\n`] : [];
    }),
  );
  return `five_minutes_from_utc,status\r\n${lines.join('')}`;
}
