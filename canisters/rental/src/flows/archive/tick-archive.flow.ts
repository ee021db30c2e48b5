import type { Principal } from '@dfinity/principal';
import { recordText } from '@decent-cloud/domain/rental-record/rental-record.ts';
import { ok, type Result } from '@decent-cloud/domain/result.ts';
import { sha256Hex } from '@decent-cloud/domain/sha256.ts';
import { after, durationNs, timestampNs, type TimestampNs } from '@decent-cloud/domain/time.ts';
import type { Due } from '@decent-cloud/kit/store/due-queue.ts';
import { encodeText } from '@decent-cloud/kit/text-host.ts';
import type { AccountId, RentalId } from '@decent-cloud/domain/ids.ts';
import { cutText } from '../../core/notifications/cut-text.ts';
import type { Rental } from '../../core/rentals/rental.ts';
import type { RentalCanister } from '../rental-canister.ts';
import { storeInArchive, type HandedRental } from './archive-client.ts';
import { forgetRental, type ConfirmedRental } from './forget-rental.ts';
import { hotRecord } from './hot-record.ts';

const MAX_BATCH = 20;
/** A hash costs 18 000 instructions a byte, here and again in the archive. */
const MAX_BATCH_BYTES = 65_536;
const MAX_INSTRUCTIONS = 1_500_000_000n;
const MAX_READERS = 40;
/** A rental that cannot move does not hold up the others. */
const RETRY_NS = durationNs({ days: 1 });
const MAX_REASON_LENGTH = 300;

interface Handing extends ConfirmedRental {
  readonly handed: HandedRental;
  readonly sha256: string;
}

/**
 * Moves closed rentals that are older than the retention to the archive, a batch at a time. A rental
 * leaves only after the archive told the hash of exactly what we hold. Whatever is cut short is done
 * again by the next run, which changes nothing that was done.
 */
export async function tickArchive(c: RentalCanister): Promise<void> {
  await c.guards.withGuard('archive', () => moveDue(c));
}

async function moveDue(c: RentalCanister): Promise<Result<null, never>> {
  const settings = c.storage.accounts.settings.get(null);
  if (settings === undefined) return ok(null);
  const { archive, retentionNs } = settings;
  const closedBefore = timestampNs(c.runtime.time() - retentionNs);
  if (!isAllCounted(c, closedBefore)) return ok(null);
  const batch = nextBatch(c, closedBefore);
  if (batch.length === 0) return ok(null);
  const handed = batch.map((one) => one.handed);
  const answers = await storeInArchive(c.runtime, archive, handed);
  if (answers.kind === 'err') return ok(null);
  batch.forEach((one, index) => {
    const answer = answers.value[index];
    if (answer?.kind === 'ok' && answer.value === one.sha256) {
      c.timers.once({ afterSeconds: 0, run: () => forgetRental(c, one) });
      return;
    }
    const reason =
      answer?.kind === 'err' ? answer.error : `the archive holds ${answer?.value ?? 'nothing'}`;
    retryLater(c, one, { closedBefore, reason });
  });
  return ok(null);
}

/** What has not been counted yet must still be here when it is. It began long before it closed. */
function isAllCounted({ storage }: RentalCanister, closedBefore: TimestampNs): boolean {
  const first = storage.rentals.begun.nextDueAtNs();
  return first === undefined || first > closedBefore;
}

function nextBatch(c: RentalCanister, closedBefore: TimestampNs): readonly Handing[] {
  const batch: Handing[] = [];
  let bytes = 0;
  for (const due of c.storage.archive.closed.due(closedBefore, MAX_BATCH)) {
    if (batch.length > 0 && c.runtime.instructions() > MAX_INSTRUCTIONS) break;
    const rental = readyRental(c, due, closedBefore);
    if (rental === undefined) continue;
    const handing = handingOf(c, rental, due.dueAtNs);
    bytes += handing.handed.body.length;
    if (batch.length > 0 && bytes > MAX_BATCH_BYTES) break;
    batch.push(handing);
  }
  return batch;
}

/** Undefined if it is not here any more, or cannot go yet. */
function readyRental(
  c: RentalCanister,
  due: Due<RentalId>,
  closedBefore: TimestampNs,
): Rental | undefined {
  const { archive, rentals } = c.storage;
  const rental = rentals.rentals.get(due.id);
  if (rental?.state.kind !== 'closed') {
    archive.closed.cancel(due.id, due.dueAtNs);
    return undefined;
  }
  const reason = obstacle(c, rental);
  if (reason === undefined) return rental;
  retryLater(c, { id: due.id, queuedAt: due.dueAtNs }, { closedBefore, reason });
  return undefined;
}

function obstacle({ storage }: RentalCanister, { id, periods }: Rental): string | undefined {
  const { terms, facts } = storage.rentals;
  if (!terms.has(id)) return 'its terms are missing';
  const isAwaited = periods.some(({ escrowId }) => facts.lines.has(escrowId));
  return isAwaited ? 'the treasury has not acknowledged all facts of it' : undefined;
}

function handingOf(c: RentalCanister, rental: Rental, queuedAt: TimestampNs): Handing {
  const body = encodeText(recordText(hotRecord(c, rental)));
  const { id, renter, provider, updatedAt } = rental;
  const closedAt = rental.state.kind === 'closed' ? rental.state.at : updatedAt;
  const readers = [...loginsOf(c, renter), ...loginsOf(c, provider)].slice(0, MAX_READERS);
  const handed = { id, renter, provider, closedAt, readers, body };
  return { id, updatedAt, queuedAt, handed, sha256: sha256Hex(body) };
}

/** None of an account that was deleted. */
function loginsOf(c: RentalCanister, account: AccountId): readonly Principal[] {
  const logins = c.storage.accounts.accounts.get(account)?.logins ?? [];
  return logins.map(({ principal }) => principal);
}

function retryLater(
  c: RentalCanister,
  { id, queuedAt }: Pick<ConfirmedRental, 'id' | 'queuedAt'>,
  { closedBefore, reason }: { readonly closedBefore: TimestampNs; readonly reason: string },
): void {
  const { closed, problems, problemList } = c.storage.archive;
  closed.reschedule({ id, from: queuedAt, to: after(closedBefore, RETRY_NS) });
  const tries = (problems.get(id)?.tries ?? 0) + 1;
  problems.set(id, { at: c.runtime.time(), reason: cutText(reason, MAX_REASON_LENGTH), tries });
  problemList.add(null, id);
}
