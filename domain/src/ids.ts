import type { Branded } from './brand.ts';
import { err, ok, type Result } from './result.ts';

/** Ids are counters: whole numbers from 0 to 2^53-1, `nat64` on the wire. */
export type Id<Name extends string> = Branded<number, Name>;

/** An account: one principal that has used the marketplace. */
export type AccountId = Id<'AccountId'>;
/** A rental, from quote to archive. Never reused. */
export type RentalId = Id<'RentalId'>;

/** A number on the wire that cannot be an id. */
export interface InvalidId {
  readonly kind: 'invalid-id';
  readonly raw: bigint | number;
}

/** Checks a raw counter value and brands it. The expected type chooses which id it becomes. */
export function parseId<T extends Id<string>>(raw: bigint | number): Result<T, InvalidId> {
  const isInRange = raw >= 0 && raw <= Number.MAX_SAFE_INTEGER;
  const value = Number(raw);
  return isInRange && Number.isInteger(value) ? ok(value as T) : err({ kind: 'invalid-id', raw });
}
