import { createHash } from 'node:crypto';
import { err, ok } from '@decent-cloud/domain/result.ts';
import { present } from '@decent-cloud/domain/assert.ts';
import { codecOf } from '@decent-cloud/kit/candid/codec-cache.ts';
import { fromWire } from '@decent-cloud/kit/wire/wire.ts';
import type { HandedRental } from '../flows/archive/archive-client.ts';
import { handedRentals, StoreAnswer } from '../flows/archive/archive-client.ts';
import { settingsOf } from '../flows/accounts/callers.ts';
import type { FakeCanister } from './fake-canister.fake.ts';

/** An archive that keeps what it is handed, in real Candid. What it does is what a test says. */
export interface FakeArchive {
  readonly kept: Map<number, HandedRental>;
  /** How many rentals each call handed over. */
  readonly batches: number[];
  /**
   * `before`: calls do not arrive. `after`: they have their effect, but the answer is lost. `refused`:
   * the whole call is. `damaged`: other bytes arrive than were sent; it says so by their hash.
   */
  failing: 'before' | 'after' | 'refused' | 'damaged' | undefined;
  /** Rentals that it does not take. */
  readonly refusing: Set<number>;
}

/** Stands in for the canister that the settings name as the archive. */
export function fakeArchive(c: FakeCanister): FakeArchive {
  const archive: FakeArchive = {
    kept: new Map(),
    batches: [],
    failing: undefined,
    refusing: new Set(),
  };
  const others = c.runtime.answerCall;
  c.runtime.answerCall = (request) => {
    const settings = settingsOf(c);
    const named = settings.kind === 'ok' ? settings.value.archive : undefined;
    if (named?.compareTo(request.canisterId) !== 'eq' || request.method !== 'store_rentals') {
      return present(others, `nobody answers ${request.method}`)(request);
    }
    const lost = (code: 2 | 5) => err({ kind: 'rejected', code, message: 'lost' } as const);
    if (archive.failing === 'before') return Promise.resolve(lost(2));
    const [raw] = codecOf([handedRentals.type]).decode(request.arg);
    const answer =
      archive.failing === 'refused'
        ? { Err: { message: 'not a writer' } }
        : { Ok: takeIn(archive, fromWire(handedRentals, raw)) };
    if (archive.failing === 'after') return Promise.resolve(lost(5));
    return Promise.resolve(ok(codecOf([StoreAnswer]).encode([answer])));
  };
  return archive;
}

/** What is kept is never changed. */
function takeIn(
  { kept, batches, failing, refusing }: FakeArchive,
  rentals: readonly HandedRental[],
) {
  batches.push(rentals.length);
  return rentals.map((rental) => {
    const { id, body } = rental;
    const before = kept.get(id);
    const isOther = before !== undefined && hashOf(before.body) !== hashOf(body);
    if (refusing.has(id) || isOther) return { Err: { message: 'kept with other contents' } };
    if (failing === 'damaged') return { Ok: hashOf(body.slice(1)) };
    kept.set(id, rental);
    return { Ok: hashOf(body) };
  });
}

function hashOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
