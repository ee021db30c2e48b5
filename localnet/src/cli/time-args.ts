import { UsageError } from './usage-error.ts';

const SECOND_NS = 1_000_000_000n;
const UNITS_NS = new Map([
  ['s', SECOND_NS],
  ['m', 60n * SECOND_NS],
  ['h', 3_600n * SECOND_NS],
  ['d', 86_400n * SECOND_NS],
]);
/** More is a slip of the hand, and would take hours. */
const DURATION_MAX_NS = 366n * 86_400n * SECOND_NS;

export type TimeCommand =
  { readonly kind: 'now' } | { readonly kind: 'advance'; readonly durationNs: bigint };

export const TIME_USAGE = `  time now                            The network's time, in nanoseconds since 1970
  time advance <duration>             Lets 90s, 40m, 2h or 3d pass at once, with all timers
`;

/** Reads the words after `time`. Errors: `UsageError`. */
export function parseTimeCommand(words: readonly string[]): TimeCommand {
  const [verb, duration, ...rest] = words;
  if (verb === 'now' && duration === undefined) return { kind: 'now' };
  if (verb === 'advance' && duration !== undefined && rest.length === 0) {
    return { kind: 'advance', durationNs: parseDuration(duration) };
  }
  throw new UsageError('expected: time now, or time advance <duration>');
}

function parseDuration(text: string): bigint {
  const [, digits = '', unit = ''] = /^(\d{1,9})([smhd])$/.exec(text) ?? [];
  const unitNs = UNITS_NS.get(unit);
  if (unitNs === undefined) {
    throw new UsageError(`the duration must be like 90s, 40m, 2h or 3d, not "${text}"`);
  }
  const durationNs = BigInt(digits) * unitNs;
  if (durationNs > 0n && durationNs <= DURATION_MAX_NS) return durationNs;
  throw new UsageError(`the duration must be above 0 and at most 366d, unlike "${text}"`);
}
