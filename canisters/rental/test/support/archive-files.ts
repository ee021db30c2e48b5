import { createHash } from 'node:crypto';
import type { Principal } from '@dfinity/principal';
import type { ExportFormat } from '../../../../dist/canisters/rental/declarations/rental.did.ts';
import type { ArchiveWorld } from './archive-world.ts';
import { okOf } from './ok-of.ts';

/** One part of something, and where the next one starts. */
interface Part<T> {
  readonly part: T;
  readonly next: [] | [bigint];
}

/** All parts in order, asked for one after another. */
export function allParts<T>(ask: (from: bigint | undefined) => Part<T>): readonly T[] {
  const parts: T[] = [];
  let from: bigint | undefined;
  do {
    const { part, next } = ask(from);
    parts.push(part);
    [from] = next;
  } while (from !== undefined);
  return parts;
}

/** What a renter exports from the market, in parts; each is what its hash says. */
export function hotParts(
  w: ArchiveWorld,
  renter: Principal,
  format: ExportFormat,
): readonly string[] {
  return allParts((from) => {
    const start: [] | [bigint] = from === undefined ? [] : [from];
    const request = { role: { Renter: null }, format, from: start, limit: 20 };
    const { content, sha256, next } = okOf(w.as(renter).export_my_rentals(request));
    if (createHash('sha256').update(content).digest('hex') !== sha256) {
      throw new Error('the part is not what its hash says');
    }
    return { part: content, next };
  });
}

/** The records of a JSON export. */
export function rowsOf(parts: readonly string[]): readonly unknown[] {
  return parts.flatMap((part) => JSON.parse(part) as unknown[]);
}
