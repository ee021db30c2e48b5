import type { Principal } from '@dfinity/principal';
import { requestError } from '@decent-cloud/domain/error-envelope.ts';
import type { RentalId } from '@decent-cloud/domain/ids.ts';
import { err, ok, type Result } from '@decent-cloud/domain/result.ts';
import { sha256Hex } from '@decent-cloud/domain/sha256.ts';
import { invalidArgument } from '@decent-cloud/kit/errors/common-errors.ts';
import { requireListed } from '@decent-cloud/kit/runtime/callers.ts';
import { decodeTextStrictly } from '@decent-cloud/kit/text-host.ts';
import { checkHanded, newReaders, type ArchivedRental } from '../core/archived-rental.ts';
import type { HandedRental } from '../core/archived-rental.ts';
import type { ArchiveCanister } from './archive-canister.ts';
import type { ArchiveRefusal } from './archive-errors.ts';

const MAX_ROWS = 50;
/** A hash costs 18 000 instructions a byte, and a message has 40 billion. */
const MAX_BYTES = 1_048_576;
/** Of one rental, after it was handed over again and again. */
const MAX_READERS_KEPT = 200;

/** For each rental the SHA-256 of its body in hex, or why it was not kept. */
export type StoreAnswers = readonly Result<string, ArchiveRefusal>[];

/**
 * Keeps closed rentals for a listed writer, each for itself. Handing the same one over again changes
 * nothing but that further readers may read it; other contents under its id are a conflict.
 */
export function storeRentals(
  canister: ArchiveCanister,
  rentals: readonly HandedRental[],
): Result<StoreAnswers, ArchiveRefusal> {
  const { runtime, storage } = canister;
  const writer = requireListed(runtime, (caller) => storage.writers.has(caller));
  if (writer.kind === 'err') return writer;
  const bytes = rentals.reduce((sum, { body }) => sum + body.length, 0);
  if (rentals.length > MAX_ROWS || bytes > MAX_BYTES) {
    const rule = `at most ${MAX_ROWS} with ${MAX_BYTES} bytes at once; nothing was kept`;
    return invalidArgument({ argument: 'rentals', rule });
  }
  return ok(rentals.map((rental) => storeOne(canister, rental)));
}

function storeOne(canister: ArchiveCanister, handed: HandedRental): Result<string, ArchiveRefusal> {
  const text = textOf(handed.body);
  if (text.kind === 'err') return text;
  const title = checkHanded(handed, text.value);
  if (title.kind === 'err') return invalidArgument(title.error);
  const sha256 = sha256Hex(handed.body);
  const existing = canister.storage.records.get(handed.id);
  if (existing === undefined) {
    const readers = newReaders([], handed.readers);
    canister.storage.records.set(handed.id, { ...handed, readers, title: title.value, sha256 });
    list(canister, handed.id, readers);
    return ok(sha256);
  }
  if (existing.sha256 !== sha256 || existing.closedAt !== handed.closedAt) {
    return err(requestError({ kind: 'conflict' }, 'this rental is kept with other contents'));
  }
  return mergeReaders(canister, existing, handed.readers);
}

function mergeReaders(
  canister: ArchiveCanister,
  existing: ArchivedRental,
  handed: readonly Principal[],
): Result<string, ArchiveRefusal> {
  const added = newReaders(existing.readers, handed);
  const readers = [...existing.readers, ...added];
  if (readers.length > MAX_READERS_KEPT) {
    return invalidArgument({ argument: 'readers', rule: `at most ${MAX_READERS_KEPT} in all` });
  }
  if (added.length > 0) {
    canister.storage.records.set(existing.id, { ...existing, readers });
    list(canister, existing.id, added);
  }
  return ok(existing.sha256);
}

function list({ storage }: ArchiveCanister, id: RentalId, readers: readonly Principal[]): void {
  for (const reader of readers) storage.byReader.append(reader, { id });
}

function textOf(body: Uint8Array): Result<string, ArchiveRefusal> {
  try {
    return ok(decodeTextStrictly(body));
  } catch (error) {
    return invalidArgument({ argument: 'body', rule: `is no UTF-8 text: ${String(error)}` });
  }
}
