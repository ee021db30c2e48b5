import { invariant } from '@decent-cloud/domain/assert.ts';

/** Which rows of a list to read. */
export interface PageRequest {
  readonly order: 'oldest-first' | 'newest-first';
  /** First row to give; undefined starts at the end that `order` names. */
  readonly from?: number | undefined;
  readonly limit: number;
}

export interface Row<V> {
  readonly seq: number;
  readonly value: V;
}

/** Rows in the order asked for, and where the next page starts; undefined at the end. */
export interface Page<V> {
  readonly rows: readonly Row<V>[];
  readonly next: number | undefined;
}

interface Sequences {
  readonly sequences: readonly number[];
  readonly next: number | undefined;
}

/** The row numbers of a page of a list of `length` rows. A start beyond the list gives no rows. */
export function pageSequences(length: number, request: PageRequest): Sequences {
  const { order, limit } = request;
  invariant(Number.isInteger(limit) && limit > 0, 'a page has at least one row');
  const step = order === 'oldest-first' ? 1 : -1;
  const first = request.from ?? (step === 1 ? 0 : length - 1);
  const sequences: number[] = [];
  let seq = first;
  while (sequences.length < limit && seq >= 0 && seq < length) {
    sequences.push(seq);
    seq += step;
  }
  const hasMore = sequences.length > 0 && seq >= 0 && seq < length;
  return { sequences, next: hasMore ? seq : undefined };
}
