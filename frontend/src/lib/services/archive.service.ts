import { parseDecimal } from '@decent-cloud/domain/amount.ts';
import { readRecord } from '@decent-cloud/domain/rental-record/read-record.ts';
import type { RentalRecord } from '@decent-cloud/domain/rental-record/rental-record.ts';
import type { Archive } from '../api/wire.ts';
import { ppmText, usdText } from './format.service.ts';
import { sha256Hex } from './export.service.ts';
import { STEP_LABELS } from './timeline.service.ts';
import { dayStrip, type HeatCell } from './uptime.service.ts';

const DAY_MS = 86_400_000;

/** An archived rental, read and compared with its hash. */
export interface ArchivedRental {
  readonly record: RentalRecord;
  /** As the archive keeps it, byte for byte. */
  readonly text: string;
  readonly sha256: string;
}

/** Throws if the text is not what was hashed, or of a form that this page does not know. */
export async function openArchived(rental: Archive.Rental): Promise<ArchivedRental> {
  const computed = await sha256Hex(rental.body);
  if (computed !== rental.sha256) {
    throw new Error(
      `The record is not what was archived: its hash is ${computed} instead of ${rental.sha256}.`,
    );
  }
  const read = readRecord(rental.body);
  if (read.kind === 'err') throw new Error(`The record ${read.error.problem}.`);
  return { record: read.value, text: rental.body, sha256: computed };
}

/** `ssh-reachable` as pages name that step; one that this page does not know is told as it is. */
export function stepLabel(name: string): string {
  const camel = name.replace(/(^|-)([a-z])/g, (_match, _dash, letter: string) =>
    letter.toUpperCase(),
  );
  return (STEP_LABELS as Readonly<Record<string, string>>)[camel] ?? wordsOf(name);
}

/** Dollars of a record, as everywhere else: `$8.50`. */
export function recordUsd(text: string): string {
  const parsed = parseDecimal({ text, decimals: 8 });
  return parsed.kind === 'ok' ? usdText(parsed.value) : `$${text}`;
}

/** `money-settled` or `MoneySettled` as `Money settled`. */
export function wordsOf(name: string): string {
  const spaced = name
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .replaceAll('-', ' ')
    .toLowerCase();
  return spaced.charAt(0).toUpperCase() + spaced.slice(1);
}

/** The 90 days until the last one that was measured. */
export function recordStrip(record: RentalRecord): readonly HeatCell[] {
  const days = record.health.days.map(({ day, ...counts }) => ({
    day: Math.floor(Date.parse(`${day}T00:00:00Z`) / DAY_MS),
    ...counts,
  }));
  const last = days.at(-1)?.day;
  return last === undefined ? [] : dayStrip({ days, incidents: [], nowMs: last * DAY_MS });
}

/** `99.652 % of 288 checks`, or that there is no data. */
export function recordUptime({ health }: RentalRecord): string {
  const { uptime_ppm: ppm, up, down } = health;
  return ppm === null ? 'no data' : `${ppmText(ppm)} of ${(up + down).toLocaleString('en')} checks`;
}

/** A JSON export of one rental has this name. */
export function recordName(id: bigint | number): string {
  return `decent-cloud-rental-${id.toString()}.json`;
}

const CAUSES: Readonly<Record<string, string>> = {
  'renter-cancelled': 'Cancelled by the renter',
  'provider-cancelled': 'Cancelled by the seller',
  'term-ended': 'The paid time was over',
  'not-provisioned': 'The machine was not delivered',
  'provider-failed': 'Ended by a failure on the seller’s side',
  'dispute-decided': 'Ended by a decided dispute',
  'payment-failed': 'The payment did not come',
};

/** Why it ended; a cause that this page does not know is told as it is. */
export function outcomeTitle({ outcome }: RentalRecord): string {
  return outcome === null ? 'Closed' : (CAUSES[outcome.cause] ?? wordsOf(outcome.cause));
}
