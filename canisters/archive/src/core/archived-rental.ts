import type { Principal } from '@dfinity/principal';
import type { AccountId, RentalId } from '@decent-cloud/domain/ids.ts';
import { readRecord } from '@decent-cloud/domain/rental-record/read-record.ts';
import { err, ok, type Result } from '@decent-cloud/domain/result.ts';
import type { TimestampNs } from '@decent-cloud/domain/time.ts';

/** A closed rental as the market hands it over; `readers` are the logins of its two accounts. */
export interface HandedRental {
  readonly id: RentalId;
  readonly renter: AccountId;
  readonly provider: AccountId;
  readonly closedAt: TimestampNs;
  readonly readers: readonly Principal[];
  /** A `RentalRecord` as UTF-8 text; the only thing that is hashed. */
  readonly body: Uint8Array;
}

/** What is kept of it for ever. */
export interface ArchivedRental extends HandedRental {
  /** The record's, for lists. */
  readonly title: string;
  /** Of the body, in hex. */
  readonly sha256: string;
}

/** A row of a list of archived rentals. */
export type ArchivedSummary = Omit<ArchivedRental, 'readers' | 'body'>;

/** One archived rental as its readers see it. */
export interface ArchivedView extends ArchivedSummary {
  /** The record's text. */
  readonly body: string;
}

/** An argument that breaks its rule. */
export interface HandedRefusal {
  readonly argument: 'readers' | 'body';
  readonly rule: string;
}

/** Two accounts with ten logins each, and some room. */
const MAX_READERS = 40;

/** Checks what the market hands over, with the text of its body; gives the record's title. */
export function checkHanded(rental: HandedRental, text: string): Result<string, HandedRefusal> {
  const { readers } = rental;
  if (readers.length > MAX_READERS) {
    return err({ argument: 'readers', rule: `must be at most ${MAX_READERS} principals` });
  }
  if (readers.some((reader) => reader.isAnonymous())) {
    return err({ argument: 'readers', rule: 'must not name the anonymous principal' });
  }
  const record = readRecord(text);
  if (record.kind === 'err') return err({ argument: 'body', rule: record.error.problem });
  const { id, renter, provider, closed_at: closedAt, title } = record.value;
  const isTheSame = id === rental.id && renter === rental.renter && provider === rental.provider;
  if (!isTheSame) return err({ argument: 'body', rule: 'is about another rental' });
  if (closedAt === null) return err({ argument: 'body', rule: 'is about a rental that goes on' });
  return ok(title);
}

/** Those of `handed` that are not among `known`. */
export function newReaders(
  known: readonly Principal[],
  handed: readonly Principal[],
): readonly Principal[] {
  const isIn = (list: readonly Principal[], one: Principal) =>
    list.some((other) => other.compareTo(one) === 'eq');
  const added: Principal[] = [];
  for (const one of handed) if (!isIn(known, one) && !isIn(added, one)) added.push(one);
  return added;
}
