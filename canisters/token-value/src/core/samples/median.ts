import { invariant, present } from '@decent-cloud/domain/assert.ts';

/**
 * The middle value; of two middle ones the lower, which for a price is the one adverse to the payer.
 * Exact for any size. Sorts floats, which the engine does natively, and settles with whole numbers
 * what floats cannot tell apart: a comparator in JavaScript costs twenty times as much.
 */
export function lowerMedian<T extends bigint>(values: readonly T[]): T {
  invariant(values.length > 0, 'a median of nothing');
  const floats = new Float64Array(values.length);
  for (let index = 0; index < values.length; index += 1) floats[index] = Number(values[index]);
  floats.sort();
  const middle = (values.length - 1) >> 1;
  const key = present(floats[middle], 'the middle is inside');
  const alike = values.filter((value) => Number(value) === key);
  alike.sort((left, right) => (left < right ? -1 : left > right ? 1 : 0));
  return present(alike[middle - floats.indexOf(key)], 'the middle is among its likes');
}
