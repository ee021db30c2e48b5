import { csvRecord } from '../csv.ts';
import type { MachineRecord, RecipeRecord, RentalRecord } from './rental-record.ts';

/** How records are exported. */
export type RecordFormat = 'csv' | 'json';

/** A record with its text and the text's hash, as kept. */
export interface KeptRecord {
  readonly record: RentalRecord;
  readonly text: string;
  readonly sha256: string;
}

const DAY_SECONDS = 86_400;
const PPM_PER_PERCENT = 10_000;
const PERCENT_DECIMALS = 4;

/** One line of the table for each rental: every value as text, blank where there is none. */
const COLUMNS: Readonly<Record<string, (kept: KeptRecord) => string>> = {
  rental: ({ record }) => record.id.toString(),
  title: ({ record }) => record.title,
  state: ({ record }) => record.state,
  backend: ({ record }) => record.terms.backend,
  machine: ({ record }) => machineOf(record)?.type ?? '',
  location: ({ record }) => machineOf(record)?.location ?? '',
  image: ({ record }) => machineOf(record)?.image ?? '',
  recipe: ({ record }) => recipeOf(record)?.name ?? '',
  version: ({ record }) => recipeOf(record)?.version ?? '',
  renter: ({ record }) => record.renter.toString(),
  provider: ({ record }) => record.provider.toString(),
  created_at: ({ record }) => record.created_at,
  started_at: ({ record }) => record.started_at ?? '',
  ended_at: ({ record }) => record.outcome?.ended_at ?? '',
  closed_at: ({ record }) => record.closed_at ?? '',
  cause: ({ record }) => record.outcome?.cause ?? '',
  reason: ({ record }) => record.outcome?.reason ?? '',
  term_days: ({ record }) => (record.terms.term_seconds / DAY_SECONDS).toString(),
  total_usd: ({ record }) => record.terms.total_usd,
  ledger: ({ record }) => record.terms.ledger,
  escrows: ({ record }) => record.periods.map(({ escrow }) => escrow.toString()).join(' '),
  amounts: ({ record }) => record.periods.map(({ amount }) => amount).join(' '),
  uptime_percent: ({ record }) => percent(record.health.uptime_ppm),
  record_sha256: ({ sha256 }) => sha256,
};

/** The header of the CSV. */
export const RECORD_COLUMNS: readonly string[] = Object.keys(COLUMNS);

/**
 * A part of an export. CSV parts make one file when put together: only the first has the header. Each
 * JSON part is an array of its own; in it each record stands byte for byte as it is hashed.
 */
export function recordsText({
  format,
  records,
  isFirst,
}: {
  readonly format: RecordFormat;
  readonly records: readonly KeptRecord[];
  readonly isFirst: boolean;
}): string {
  if (format === 'json') {
    const items = records.map(({ text, sha256 }) => `{"sha256":"${sha256}","record":${text}}`);
    return items.length === 0 ? '[]\n' : `[\n${items.join(',\n')}\n]\n`;
  }
  const rows = records.map((kept) => Object.values(COLUMNS).map((write) => write(kept)));
  return (isFirst ? [RECORD_COLUMNS, ...rows] : rows).map(csvRecord).join('');
}

function machineOf({ terms, choice }: RentalRecord): MachineRecord | undefined {
  return terms.choices[choice];
}

function recipeOf({ terms, recipe }: RentalRecord): RecipeRecord | null {
  return recipe ?? terms.recipe;
}

function percent(ppm: number | null): string {
  return ppm === null ? '' : (ppm / PPM_PER_PERCENT).toFixed(PERCENT_DECIMALS);
}
