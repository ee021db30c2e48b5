import type { Err, Ok } from '@decent-cloud/domain/result.ts';
import { parseId, type Id } from '@decent-cloud/domain/ids.ts';
import { invalidArgument } from '@decent-cloud/kit/errors/common-errors.ts';
import type { TreasuryError } from '../../flows/treasury-errors.ts';

/** Reads an id; numbers beyond 2^53 were never handed out. */
export function idFromWire<T extends Id<string>>(
  argument: string,
  raw: bigint,
): Ok<T> | Err<TreasuryError> {
  const id = parseId<T>(raw);
  return id.kind === 'ok' ? id : invalidArgument({ argument, rule: 'is no such number' });
}
