import { err, ok, type Result } from '../result.ts';
import { RECORD_FORMAT, type RentalRecord } from './rental-record.ts';

/** Text that is no record, or one of a form that this code does not know. */
export interface InvalidRecord {
  readonly kind: 'invalid-record';
  readonly problem: string;
}

type Check = (value: unknown) => boolean;

const isText: Check = (value) => typeof value === 'string';
const isNumber: Check = (value) => typeof value === 'number';
const isObject: Check = (value) => typeof value === 'object' && value !== null;

/** What lists and tables are made from must be there; the rest is kept as it is. */
const RECORD = shape({
  id: isNumber,
  title: isText,
  state: isText,
  renter: isNumber,
  provider: isNumber,
  created_at: isText,
  started_at: orNull(isText),
  closed_at: orNull(isText),
  outcome: orNull(shape({ cause: isText, reason: isText, ended_at: isText })),
  terms: shape({
    backend: isText,
    choices: listOf(shape({ type: isText, location: isText, image: isText })),
    recipe: orNull(shape({ name: isText, version: isText })),
    ledger: isText,
    total_usd: isText,
    term_seconds: isNumber,
  }),
  choice: isNumber,
  recipe: orNull(shape({ name: isText, version: isText })),
  periods: listOf(shape({ escrow: isNumber, amount: isText, status: isText })),
  health: shape({ uptime_ppm: orNull(isNumber) }),
});

/** The record in a text that `recordText` gave. */
export function readRecord(text: string): Result<RentalRecord, InvalidRecord> {
  const json = parsed(text);
  if (json.kind === 'err') return json;
  const { value } = json;
  if (!isObject(value)) return invalid('is no object');
  const { format } = value as { readonly format?: unknown };
  if (format !== RECORD_FORMAT) return invalid(`is not of format ${RECORD_FORMAT}`);
  return RECORD(value) ? ok(value as RentalRecord) : invalid('lacks a part, or has another one');
}

function parsed(text: string): Result<unknown, InvalidRecord> {
  try {
    return ok(JSON.parse(text) as unknown);
  } catch (error) {
    return invalid(`is no JSON: ${String(error)}`);
  }
}

function invalid(problem: string): Result<never, InvalidRecord> {
  return err({ kind: 'invalid-record', problem });
}

function shape(checks: Readonly<Record<string, Check>>): Check {
  return (value) =>
    isObject(value) &&
    Object.entries(checks).every(([name, check]) =>
      check((value as Readonly<Record<string, unknown>>)[name]),
    );
}

function orNull(check: Check): Check {
  return (value) => value === null || check(value);
}

function listOf(check: Check): Check {
  return (value) => Array.isArray(value) && value.every((item) => check(item));
}
