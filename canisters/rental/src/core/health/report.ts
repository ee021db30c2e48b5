import { ALL, choose, hourOf, knownMask, maskOf, SLOTS_PER_HOUR, type HourSlots } from './slots.ts';
import { OPEN_HOURS, type Reporter, type Watch } from './watch.ts';

/** What one agent measured in one hour of one rental. */
export interface HourReport {
  /** Hours since 1970. */
  readonly hour: number;
  readonly slots: HourSlots;
  /** How many of them were measured; the others are unknown, whatever `slots` says. */
  readonly upto: number;
}

/** One byte for each row of a report; the numbers are the wire's. */
export const REPORT_CODES = {
  accepted: 0,
  /** It says nothing that was not said. */
  duplicate: 1,
  'not-found': 2,
  'not-allowed': 3,
  /** Too late: what is final does not change. */
  final: 4,
  /** The time is not over yet, or a paid period that ended before it is not dealt with yet. */
  early: 5,
  malformed: 6,
  /** Too many agents report about this rental. */
  crowded: 7,
  /** The rental is over. */
  over: 8,
} as const;

export type ReportCode = keyof typeof REPORT_CODES;

/** Of one rental; a platform agent takes the place of one of the seller's. */
const MAX_REPORTERS = 6;
const LOW_BITS = 0x555555;

/** False for what no agent of ours sends. */
export function isReportSound({ slots, upto }: HourReport): boolean {
  return slots <= ALL && upto >= 1 && upto <= SLOTS_PER_HOUR;
}

/**
 * Takes a report in. Said again it is a duplicate; what was unknown becomes known, and a known slot may
 * be corrected, both only as long as the hour is open. Agents cannot exclude time: that is unknown.
 * The watch must have been brought up to date, see `advance`.
 */
export function takeReport(
  watch: Watch,
  from: Pick<Reporter, 'name' | 'isPlatform'>,
  report: HourReport,
): { readonly code: ReportCode; readonly watch: Watch } {
  const refused = (code: ReportCode) => ({ code, watch });
  const { hour } = report;
  const index = hour - hourOf(watch.finalSlot);
  if (watch.endSlot !== undefined) return refused('over');
  if (index < 0) return refused('final');
  if (index >= OPEN_HOURS) return refused('early');
  const known = watch.reporters.find(({ name }) => name === from.name);
  const before = known?.hours[index] ?? ALL;
  const said = saidBy(report) | (ALL & ~maskOf(hour, { from: watch.finalSlot, to: Infinity }));
  const after = choose(knownMask(said), said, before);
  if (after === before && (known === undefined || known.isPlatform === from.isPlatform)) {
    return refused(said === ALL && saidBy(report) !== ALL ? 'final' : 'duplicate');
  }
  const hours = (known?.hours ?? NOTHING_SAID).map((slots, at) => (at === index ? after : slots));
  const reporters = withReporter(watch.reporters, { ...from, hours });
  if (reporters === undefined) return refused('crowded');
  return { code: 'accepted', watch: { ...watch, reporters } };
}

const NOTHING_SAID: readonly HourSlots[] = [ALL, ALL, ALL];

/** The report with what is excluded or not measured as unknown. */
function saidBy({ slots, upto }: HourReport): HourSlots {
  const high = (slots >>> 1) & LOW_BITS;
  const notMeasured = ALL & ~maskOf(0, { from: 0, to: upto });
  return slots | high | notMeasured;
}

/** Undefined if there is no place left. */
function withReporter(
  reporters: readonly Reporter[],
  added: Reporter,
): readonly Reporter[] | undefined {
  const isKnown = reporters.some(({ name }) => name === added.name);
  if (isKnown) return reporters.map((one) => (one.name === added.name ? added : one));
  if (reporters.length < MAX_REPORTERS) return [...reporters, added];
  const own = added.isPlatform ? reporters.findIndex(({ isPlatform }) => !isPlatform) : -1;
  return own < 0 ? undefined : reporters.map((one, index) => (index === own ? added : one));
}
