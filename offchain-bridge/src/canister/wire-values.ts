import { parseId, type InvalidId } from '@decent-cloud/domain/ids.ts';
import type { Result } from '@decent-cloud/domain/result.ts';
import type { ServiceError } from '../../../dist/canisters/rental/declarations/rental.did.ts';
import type { CloudAccountId, JobId, RentalId } from '../core/ids.ts';
import { CanisterRefusal } from '../ports/canister-errors.ts';

const NS_PER_MS = 1_000_000n;

export function nsOfMs(timeMs: number): bigint {
  return BigInt(Math.round(timeMs)) * NS_PER_MS;
}

export function msOfNs(timeNs: bigint): number {
  return Number(timeNs / NS_PER_MS);
}

export function optOf<T>(value: T | undefined): [] | [T] {
  return value === undefined ? [] : [value];
}

/** Throws `CanisterRefusal` for what is no id. */
export function jobIdOf(raw: bigint): JobId {
  return checked(raw, parseId<JobId>(raw));
}

/** Throws `CanisterRefusal` for what is no id. */
export function rentalIdOf(raw: bigint): RentalId {
  return checked(raw, parseId<RentalId>(raw));
}

/** Throws `CanisterRefusal` for what is no id. */
export function accountIdOf(raw: bigint): CloudAccountId {
  return checked(raw, parseId<CloudAccountId>(raw));
}

function checked<T>(raw: bigint, parsed: Result<T, InvalidId>): T {
  if (parsed.kind === 'ok') return parsed.value;
  throw notUnderstood(`the number ${raw.toString()}`);
}

/** The name of a variant's case; undefined for one that only newer canisters know. */
export function caseOf(variant: object): string | undefined {
  return Object.keys(variant)[0];
}

/** The value that stands for a case; undefined for one that only newer canisters know. */
export function mapped<T>(table: Readonly<Record<string, T>>, variant: object): T | undefined {
  const name = caseOf(variant);
  return name !== undefined && Object.hasOwn(table, name) ? table[name] : undefined;
}

/** The same where work cannot go on without it. Throws `CanisterRefusal`. */
export function known<T>(value: T | undefined, what: string): T {
  if (value !== undefined) return value;
  throw notUnderstood(what);
}

/** The canister is newer than this bridge; another bridge may understand it. */
export function notUnderstood(what: string): CanisterRefusal {
  const message = `The market speaks of ${what}, which this bridge does not know: update the bridge.`;
  return new CanisterRefusal('', message, true);
}

/** What a method answered, or throws what it refused as a `CanisterRefusal`. */
export function okOf<T>(answer: { readonly Ok: T } | { readonly Err: ServiceError }): T {
  if ('Ok' in answer) return answer.Ok;
  // A case that this bridge does not know is read as an object without any.
  const { Err: error } = answer as { readonly Err?: ServiceError };
  throw error === undefined ? notUnderstood('an answer') : refusalOf(error);
}

function refusalOf({ kind, message }: ServiceError): CanisterRefusal {
  const [leaf] = (Object.values(kind)[0] ?? []) as [] | [object];
  const reason = leaf === undefined ? '' : (caseOf(leaf) ?? '');
  return new CanisterRefusal(reason, message, 'TemporaryError' in kind);
}
