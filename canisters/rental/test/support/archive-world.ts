import { createHash } from 'node:crypto';
import type { Principal } from '@dfinity/principal';
import { present } from '@decent-cloud/domain/assert.ts';
import type { RentalId } from '@decent-cloud/domain/ids.ts';
import { recordText } from '@decent-cloud/domain/rental-record/rental-record.ts';
import { timestampNs } from '@decent-cloud/domain/time.ts';
import {
  openWorld,
  restoreWorld,
  userPrincipal,
} from '@decent-cloud/localnet/testing/replica-world.ts';
import type { SyncActor } from '@decent-cloud/localnet/testing/sync-actor.ts';
import { OPERATOR, type World } from '@decent-cloud/localnet/testing/world.ts';
import type { _SERVICE as Archive } from '../../../../dist/canisters/archive/declarations/archive.did.ts';
import { idlFactory as archiveIdl } from '../../../../dist/canisters/archive/declarations/archive.did.ts';
import type { _SERVICE as Rental } from '../../../../dist/canisters/rental/declarations/rental.did.ts';
import { idlFactory as rentalIdl } from '../../../../dist/canisters/rental/declarations/rental.did.ts';
import { StableImage } from '../../../kit/bench/stable-memory/stable-image.ts';
import { wasmOf } from '../../../token-value/test/support/price-canister.ts';
import { RentalMaker } from '../../bench/rental-maker.ts';
import { hotRecord } from '../../src/flows/archive/hot-record.ts';
import { MEMORY_IDS } from '../../src/storage/memory-ids.ts';
import type { FakeCanister } from '../../src/testing/fake-canister.fake.ts';
import { okOf } from './ok-of.ts';

const SECOND_NS = 1_000_000_000n;
const DAY_NS = 86_400n * SECOND_NS;
/** How often the market hands a batch over. */
const TICK_NS = 30n * SECOND_NS;
const RETENTION_DAYS = 30n;
const RENTALS_PER_RENTER = 50;
const OFFERS = 4;
/** Where a map keeps how many rows it has. */
const ROW_COUNT_AT = 20;

/** A closed rental as it was before it moved. */
export interface ClosedRental {
  readonly id: RentalId;
  readonly renter: Principal;
  readonly seller: Principal;
  /** The record that the market's own code makes of it, and its SHA-256 by another implementation. */
  readonly text: string;
  readonly sha256: string;
}

/** Which executions are cut short from now on, and after how many instructions. */
export interface Cut {
  readonly entry: string;
  readonly after: bigint;
  readonly times: number;
  /** Only what comes after the first one with this name. */
  readonly behind?: string;
}

/**
 * The real market and archive; the market is full of closed rentals that are old enough to move. They
 * stay until it is a writer of the archive.
 */
export class ArchiveWorld {
  readonly world: World;
  readonly rentalId: Principal;
  readonly archiveId: Principal;
  readonly #market: FakeCanister;
  #rentals: readonly ClosedRental[] | undefined;
  #cut: Cut | undefined;

  private constructor(parts: {
    readonly world: World;
    readonly rentalId: Principal;
    readonly archiveId: Principal;
    readonly market: FakeCanister;
    readonly setCutShort: (cut: (entry: string) => bigint | undefined) => void;
  }) {
    this.world = parts.world;
    this.rentalId = parts.rentalId;
    this.archiveId = parts.archiveId;
    this.#market = parts.market;
    parts.setCutShort((entry) => this.#takeCut(entry));
  }

  /** `lived` were made, used and cancelled; `short` were cancelled before anybody made them. */
  static async filled(given: {
    readonly lived: number;
    readonly short: number;
  }): Promise<ArchiveWorld> {
    const empty = openWorld();
    const rentalId = empty.install({ wasm: wasmOf('rental') });
    const archiveId = empty.install({ wasm: wasmOf('archive') });
    empty.runUntilIdle();
    let cutShort: (entry: string) => bigint | undefined = () => undefined;
    const world = restoreWorld(empty.snapshot(), {
      cutShort: ({ canisterId, entry }) =>
        canisterId.compareTo(rentalId) === 'eq' ? cutShort(entry) : undefined,
    });
    const maker = new RentalMaker({
      self: rentalId,
      settings: { treasury: userPrincipal('treasury'), archive: archiveId },
      ledger: userPrincipal('ledger'),
      until: timestampNs(world.timeNs),
      offers: OFFERS,
      renters: Math.ceil((given.lived + given.short) / RENTALS_PER_RENTER),
    });
    await maker.startRentals(given.lived);
    await maker.closeRentals();
    await maker.abandonRentals(given.short);
    const market = maker.canister;
    const setCutShort = (cut: (entry: string) => bigint | undefined) => {
      cutShort = cut;
    };
    const filled = new ArchiveWorld({ world, rentalId, archiveId, market, setCutShort });
    world.replica.setStableMemory(rentalId, maker.stableMemory(filled.#stableMemory()));
    filled.upgrade('rental');
    world.advance(market.runtime.now + RETENTION_DAYS * DAY_NS - world.timeNs);
    return filled;
  }

  as(who: Principal): SyncActor<Rental> {
    return this.world.actor<Rental>(this.rentalId, rentalIdl, who);
  }

  archive(who: Principal): SyncActor<Archive> {
    return this.world.actor<Archive>(this.archiveId, archiveIdl, who);
  }

  /** All of them, with what is to be found in the archive. */
  get rentals(): readonly ClosedRental[] {
    this.#rentals ??= this.#closedRentals();
    return this.#rentals;
  }

  /** How many are still in the market. */
  waiting(): number {
    const status = okOf(this.as(OPERATOR).archive_status({ from: [], limit: 1 }));
    return Number(status.waiting);
  }

  /** So many batches are handed over, or would be. */
  tick(times = 1): void {
    for (let tick = 0; tick < times; tick += 1) this.world.elapse(TICK_NS);
  }

  /** Lets time pass until all have moved; fails if a day of it is not enough. */
  moveAll(): void {
    const ticks = Number(DAY_NS / TICK_NS);
    for (let tick = 0; tick < ticks && this.waiting() > 0; tick += 1) this.tick();
  }

  setWriter(isAllowed: boolean): void {
    okOf(this.archive(OPERATOR).set_writer(this.rentalId, isAllowed));
  }

  /** Stopped, replaced by itself and started, as an operator would. */
  upgrade(name: 'rental' | 'archive'): void {
    const canisterId = name === 'rental' ? this.rentalId : this.archiveId;
    this.world.complete(this.world.stop(canisterId));
    const outcome = this.world.upgrade({ canisterId, wasm: wasmOf(name) });
    if (outcome.kind === 'reject') throw new Error(outcome.message);
    this.world.start(canisterId);
  }

  /** The next executions of the market with that name trap. Gives how many are left. */
  cutNext(cut: Cut): () => number {
    this.#cut = cut;
    return () => this.#cut?.times ?? 0;
  }

  /** How many rows each of the market's memories holds, by its name. */
  rowCounts(): ReadonlyMap<string, number> {
    const image = new StableImage(this.#stableMemory());
    return new Map(
      Object.entries(MEMORY_IDS).map(([name, id]) => {
        const head = Buffer.from(image.firstBucket(id).slice(0, 2 * ROW_COUNT_AT));
        return [name, Number(head.readBigUInt64LE(ROW_COUNT_AT))];
      }),
    );
  }

  #takeCut(entry: string): bigint | undefined {
    if (this.#cut === undefined) return undefined;
    const { behind, ...cut } = this.#cut;
    if (behind !== undefined) {
      if (behind === entry) this.#cut = cut;
      return undefined;
    }
    if (cut.entry !== entry) return undefined;
    this.#cut = cut.times === 1 ? undefined : { ...cut, times: cut.times - 1 };
    return cut.after;
  }

  #stableMemory(): Uint8Array {
    return present(this.world.replica.canister(this.rentalId), 'the market').stableMemory();
  }

  #closedRentals(): readonly ClosedRental[] {
    const { rentals, terms, ids } = this.#market.storage.rentals;
    const count = ids.count();
    return Array.from({ length: count }, (_rental, number) => {
      const rental = present(rentals.get(number as RentalId), `rental ${number}`);
      const { providerPrincipal: seller } = present(terms.get(rental.id), 'its terms');
      const text = recordText(hotRecord(this.#market, rental));
      const sha256 = createHash('sha256').update(text).digest('hex');
      return { id: rental.id, renter: rental.payer, seller, text, sha256 };
    });
  }
}
