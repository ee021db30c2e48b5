/** Times as people write them. Own arithmetic, because the core knows no clock and no calendar. */

const NS_PER_SECOND = 1_000_000_000n;
const SECONDS_PER_DAY = 86_400;
const SECONDS_PER_HOUR = 3_600;
const SECONDS_PER_MINUTE = 60;
/** Days from 0000-03-01, where the arithmetic begins, to 1970-01-01. */
const DAYS_BEFORE_1970 = 719_468;
const DAYS_PER_ERA = 146_097;
const YEARS_PER_ERA = 400;
/** The widest offsets in use are -12:00 and +14:00. */
const MIN_OFFSET_MINUTES = -720;
const MAX_OFFSET_MINUTES = 840;

/** ISO 8601 in UTC, to the second: `2026-11-23T13:24:05Z`. The rest of the second is cut off. */
export function isoTime(at: bigint): string {
  const { date, time } = clockOf(Number(at / NS_PER_SECOND));
  return `${date}T${time}Z`;
}

/** The day in UTC: `2026-11-23`. */
export function isoDay(at: bigint): string {
  return clockOf(Number(at / NS_PER_SECOND)).date;
}

/** With the reader's offset from UTC: `2026-11-23 14:24:05 +01:00`. */
export function localTime(at: bigint, offsetMinutes: number): string {
  const offset = soundOffset(offsetMinutes) ?? 0;
  const { date, time } = clockOf(Number(at / NS_PER_SECOND) + offset * SECONDS_PER_MINUTE);
  const minutes = Math.abs(offset);
  const zone = `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
  return `${date} ${time} ${offset < 0 ? '-' : '+'}${zone}`;
}

/** The offset if there is such a place on earth. */
export function soundOffset(minutes: number | undefined): number | undefined {
  if (minutes === undefined) return undefined;
  return minutes >= MIN_OFFSET_MINUTES && minutes <= MAX_OFFSET_MINUTES ? minutes : undefined;
}

/** A length of time in words, exact to the second: `30 days`, `1 hour 30 minutes`. */
export function durationText(ns: bigint): string {
  const seconds = Number(ns / NS_PER_SECOND);
  const parts = [
    counted(Math.floor(seconds / SECONDS_PER_DAY), 'day'),
    counted(Math.floor((seconds % SECONDS_PER_DAY) / SECONDS_PER_HOUR), 'hour'),
    counted(Math.floor((seconds % SECONDS_PER_HOUR) / SECONDS_PER_MINUTE), 'minute'),
    counted(seconds % SECONDS_PER_MINUTE, 'second'),
  ].filter((part) => part !== '');
  return parts.length === 0 ? '0 seconds' : parts.join(' ');
}

/**
 * Day and time of a number of seconds since 1970. Years begin in March here, so that a leap day is the
 * last of its year. Source: H. Hinnant, "chrono-Compatible Low-Level Date Algorithms".
 */
function clockOf(seconds: number): { readonly date: string; readonly time: string } {
  const days = Math.floor(seconds / SECONDS_PER_DAY) + DAYS_BEFORE_1970;
  const era = Math.floor(days / DAYS_PER_ERA);
  const dayOfEra = days - era * DAYS_PER_ERA;
  const leapDays = Math.floor(dayOfEra / 1_460) - Math.floor(dayOfEra / 36_524);
  const yearOfEra = Math.floor((dayOfEra - leapDays - Math.floor(dayOfEra / 146_096)) / 365);
  const daysBefore = 365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100);
  const dayOfYear = dayOfEra - daysBefore;
  const fromMarch = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * fromMarch + 2) / 5) + 1;
  const month = fromMarch < 10 ? fromMarch + 3 : fromMarch - 9;
  const year = yearOfEra + era * YEARS_PER_ERA + (month <= 2 ? 1 : 0);
  const rest = seconds - Math.floor(seconds / SECONDS_PER_DAY) * SECONDS_PER_DAY;
  const hour = Math.floor(rest / SECONDS_PER_HOUR);
  const minute = Math.floor((rest % SECONDS_PER_HOUR) / SECONDS_PER_MINUTE);
  return {
    date: `${year.toString().padStart(4, '0')}-${two(month)}-${two(day)}`,
    time: `${two(hour)}:${two(minute)}:${two(rest % SECONDS_PER_MINUTE)}`,
  };
}

function counted(count: number, unit: string): string {
  if (count === 0) return '';
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}

function two(value: number): string {
  return value.toString().padStart(2, '0');
}
