import { expect } from 'vitest';
import type { RentalId } from '@decent-cloud/domain/ids.ts';
import { idKey } from '@decent-cloud/kit/keys/integer-keys.ts';
import { keyCodec } from '@decent-cloud/kit/keys/key-codec.ts';
import { after, timestampNs, type TimestampNs } from '@decent-cloud/domain/time.ts';
import type { StableStore } from '@decent-cloud/kit/store/stable-store.port.ts';
import { valueCodec } from '@decent-cloud/kit/values/value-codec.ts';
import { isLive, rentalOf } from '../../../src/core/jobs/job-kinds.ts';
import type { Job } from '../../../src/core/jobs/job.ts';
import type { EscrowId } from '../../../src/core/ids.ts';
import type { Rental, RentalState } from '../../../src/core/rentals/rental.ts';
import { jobFields } from '../../../src/storage/jobs/job-fields.ts';
import { MEMORY_IDS } from '../../../src/storage/memory-ids.ts';
import { rentalFields } from '../../../src/storage/rentals/rental-fields.ts';
import type { FakeEscrow } from '../../../src/testing/treasury-books.fake.ts';
import { mayAct } from './bridge.ts';
import type { MarketWorld } from './market-world.ts';

const FOR_EVER = timestampNs(2n ** 63n);
const MANY = 10_000;

/** The arrows of the lifecycle, with a first and a last one for what is not stored. */
const ARROWS: Readonly<Record<Stage, readonly Stage[]>> = {
  none: ['quoted'],
  quoted: ['awaiting-payment', 'provisioning', 'none'],
  'awaiting-payment': ['quoted', 'provisioning', 'ending', 'closed'],
  provisioning: ['active', 'ending'],
  active: ['ending'],
  ending: ['closed'],
  closed: ['none'],
};
type Stage = RentalState['kind'] | 'none';

/** All that the model remembers of a rental: what anybody could have written down who watched. */
export interface Story {
  readonly id: RentalId;
  readonly renter: number;
  stage: Stage;
  last: Rental;
  terms: Uint8Array | undefined;
  /** The periods that it ever had. Of another quote nobody heard: its answer was lost, or refused. */
  readonly told: Set<EscrowId>;
  /** From here to there the machine was at the renter's disposal, as the canister says. */
  readySince: TimestampNs | undefined;
  readyUntil: TimestampNs | undefined;
  /** Somebody ended it, and was told that it is so. */
  isCancelled: boolean;
  /** What the treasury had or was about to have when the renter cancelled. */
  paidWhenCancelled: readonly EscrowId[];
}

/** What must hold whatever happens, told by a far simpler model: stories, a cloud and a till. */
export class MarketRules {
  readonly stories = new Map<RentalId, Story>();
  readonly #world: MarketWorld;
  readonly #codec = valueCodec<Rental>({ version: 1, fields: rentalFields });
  readonly #jobCodec = valueCodec<Job>({ version: 1, fields: jobFields });
  readonly #key = keyCodec(idKey<RentalId>());

  constructor(world: MarketWorld) {
    this.#world = world;
  }

  /** Every single write of a rental is judged, also those in the middle of a message. */
  watchRentals(store: StableStore): StableStore {
    return {
      ...store,
      insert: (key, value) => {
        store.insert(key, value);
        this.#written(this.#codec.decode(value));
      },
      remove: (key) => {
        const story = this.#story(this.#key.decode(key));
        expect(ARROWS[story.stage]).toContain('none');
        story.stage = 'none';
        return store.remove(key);
      },
    };
  }

  /** What was agreed is written once. */
  watchTerms(store: StableStore): StableStore {
    return {
      ...store,
      insert: (key, value) => {
        expect(store.has(key)).toBe(false);
        store.insert(key, value);
      },
    };
  }

  /** Those that have not come to their end. */
  liveStories(): readonly Story[] {
    return [...this.stories.values()].filter(({ stage }) => stage !== 'none' && stage !== 'closed');
  }

  /** What holds after everything that can happen. */
  check(): void {
    for (const story of this.stories.values()) {
      this.#checkTerms(story);
      this.#checkCloud(story);
      this.#checkMoney(story);
      this.#checkPrivacy(story);
    }
    this.#checkLeases();
    this.#checkQueues();
    this.#checkJobs();
    this.#checkLists();
  }

  #written(rental: Rental): void {
    const { id, state } = rental;
    const story = this.stories.get(id) ?? this.#begin(rental);
    const { stage } = story;
    expect(stage).not.toBe('closed');
    if (stage !== state.kind) expect(ARROWS[stage]).toContain(state.kind);
    if (story.isCancelled) this.#checkCancelled(story, state.kind);
    if (stage !== 'none') this.#checkServerRecord(story.last, rental);
    if (state.kind === 'active') this.#checkPaidTime(rental, state);
    if (state.kind === 'active' && stage !== 'active') this.#checkInTime(story, state.since);
    if (state.kind === 'ending' && stage !== 'ending') story.readyUntil = state.ending.at;
    if (state.kind === 'ending' && state.machineGoneAt !== undefined) this.#checkGone(id);
    if (state.kind === 'closed') this.#checkGone(id);
    for (const { escrowId } of rental.periods) story.told.add(escrowId);
    story.stage = state.kind;
    story.last = rental;
  }

  /** It ends, unless it comes out that nothing was paid: then it is a quote as it was before. */
  #checkCancelled(story: Story, stage: Stage): void {
    expect(['quoted', 'awaiting-payment', 'ending', 'closed']).toContain(stage);
    if (stage !== 'quoted') return;
    const { books } = this.#world.treasury;
    for (const id of story.paidWhenCancelled) {
      expect(['quoted', 'lapsed']).toContain(books.escrow(id).phase.kind);
    }
    story.isCancelled = false;
  }

  /** Somebody ends a rental and is told that it is so. */
  cancelled(story: Story): void {
    story.isCancelled = true;
    story.paidWhenCancelled = this.#world
      .escrowsOf(story.id)
      .filter(({ phase }) => phase.kind !== 'quoted' && phase.kind !== 'lapsed')
      .map(({ id }) => id);
  }

  #begin(rental: Rental): Story {
    const story: Story = {
      id: rental.id,
      renter: rental.renter,
      stage: 'none',
      last: rental,
      terms: undefined,
      told: new Set(),
      readySince: undefined,
      readyUntil: undefined,
      isCancelled: false,
      paidWhenCancelled: [],
    };
    this.stories.set(rental.id, story);
    return story;
  }

  #story(id: RentalId): Story {
    const story = this.stories.get(id);
    if (story === undefined) throw new Error(`rental ${id} came from nowhere`);
    return story;
  }

  /** From the intent on the canister knows of the server until it is confirmed gone. */
  #checkServerRecord(before: Rental, rental: Rental): void {
    if (before.server === undefined || rental.server !== undefined) return;
    expect(before.state.kind).toBe('ending');
    this.#checkGone(rental.id);
  }

  /** Nothing of it is at any cloud, and no worker may still make it. */
  #checkGone(id: RentalId): void {
    const { cloud, workers, now } = this.#world;
    expect(cloud.serversOf(id)).toEqual([]);
    const makers = workers.flatMap(({ hands }) =>
      hands.filter((hand) => hand.rentalId === id && hand.kind !== 'terminate'),
    );
    expect(makers.filter((hand) => mayAct(hand, now))).toEqual([]);
  }

  /** Nobody uses a machine longer than the treasury has the money for. */
  #checkPaidTime({ id }: Rental, { since, endsAt }: RentalState & { kind: 'active' }): void {
    const paid = this.#world.escrowsOf(id).filter(({ deposited }) => deposited > 0n);
    const paidNs = paid.reduce((sum, { terms }) => sum + terms.termNs, 0n);
    expect(endsAt - since <= paidNs).toBe(true);
  }

  /** The treasury will still take it that the machine is ready, so that its time can be paid. */
  #checkInTime(story: Story, at: TimestampNs): void {
    story.readySince = at;
    const [first] = this.#world.escrowsOf(story.id);
    expect(first?.phase.kind).toBe('funded');
    if (first?.phase.kind !== 'funded') return;
    expect(at < after(first.phase.at, first.terms.provisionWithinNs)).toBe(true);
  }

  #checkTerms(story: Story): void {
    const stored = this.#rows('terms').get(this.#key.encode(story.id).join());
    expect(stored === undefined).toBe(story.stage === 'none');
    if (stored === undefined) return;
    story.terms ??= stored;
    expect(Buffer.compare(story.terms, stored)).toBe(0);
  }

  #checkCloud({ id, stage }: Story): void {
    const { cloud } = this.#world;
    const servers = cloud.serversOf(id);
    expect(servers.length).toBeLessThanOrEqual(1);
    if (stage === 'active' && !cloud.lost.has(id)) expect(servers).toHaveLength(1);
    if (stage === 'quoted' || stage === 'awaiting-payment') expect(servers).toEqual([]);
    if (stage === 'closed' || stage === 'none') this.#checkGone(id);
  }

  #checkMoney({ id, stage, told }: Story): void {
    const escrows = this.#world.escrowsOf(id);
    if (stage === 'provisioning') expect(escrows.some(isPaid)).toBe(true);
    if (stage !== 'closed' && stage !== 'none') return;
    for (const escrow of escrows)
      expect(isEscrowSettled(escrow) || isUntold(escrow, told)).toBe(true);
  }

  /** Nothing private outlives the use of the machine. */
  #checkPrivacy({ id, stage }: Story): void {
    const { rentals, jobs } = this.#world.c.storage;
    const isOver = stage === 'ending' || stage === 'closed' || stage === 'none';
    if (!isOver) return;
    expect(rentals.configs.has(id)).toBe(false);
    expect(rentals.secrets.has(id)).toBe(false);
    expect(jobs.connections.has(id)).toBe(false);
    expect(jobs.credentials.has(id)).toBe(false);
  }

  /** At most one worker may touch a rental's machine, or work on a job, at any moment. */
  #checkLeases(): void {
    const { workers, now } = this.#world;
    const acting = workers.flatMap(({ hands }) => hands.filter((hand) => mayAct(hand, now)));
    const jobs = acting.map(({ jobId }) => jobId);
    expect(new Set(jobs).size).toBe(jobs.length);
    const rentals = acting.flatMap(({ rentalId }) => rentalId ?? []);
    expect(new Set(rentals).size).toBe(rentals.length);
  }

  /** Each live thing is in its due queue once, at its time, and nothing else is. */
  #checkQueues(): void {
    const { rentals, jobs, health, archive } = this.#world.c.storage;
    const stored = this.#storedRentals();
    const live = stored.filter(({ state }) => state.kind !== 'closed');
    expect(entriesOf(rentals.due)).toEqual(owed(live));
    const closed = stored.filter(({ state }) => state.kind === 'closed').map(({ id }) => id);
    const queued = archive.closed.due(FOR_EVER, MANY).map(({ id }) => id);
    expect(queued.sort(byNumber)).toEqual(closed.sort(byNumber));
    expect(entriesOf(jobs.due)).toEqual(owed(this.#liveJobs()));
    for (const { id, dueAtNs } of health.due.due(FOR_EVER, MANY)) {
      const [kind, of] = id;
      const owner = kind === 0 ? health.watches.get(of as never) : health.trust.get(of as never);
      expect(owner?.dueAt).toBe(dueAtNs);
    }
    for (const { id, state } of live) {
      const watch = health.watches.get(id);
      expect(watch?.dueAt !== undefined).toBe(state.kind === 'active');
    }
    const lines = rentals.facts.due.due(FOR_EVER, MANY);
    expect(lines).toHaveLength(this.#rows('facts').size);
    for (const { id, dueAtNs } of lines) {
      expect(rentals.facts.lines.get(id)?.dueAt).toBe(dueAtNs);
    }
  }

  /** What a rental waits for is being done, by exactly one job; nothing else is. */
  #checkJobs(): void {
    const live = this.#liveJobs();
    const ids = (id: RentalId) => live.filter(({ task }) => rentalOf(task) === id);
    for (const { id, state } of this.#storedRentals()) {
      const jobs = ids(id);
      const kinds = jobs.map(({ task }) => task.kind);
      if (state.kind === 'provisioning') expect(kinds).toEqual(['provision']);
      else if (state.kind === 'ending') {
        expect(kinds).toEqual(state.machineGoneAt === undefined ? ['terminate'] : []);
      } else {
        const operation = state.kind === 'active' ? state.operation : undefined;
        expect(jobs.map((job) => job.id)).toEqual(operation === undefined ? [] : [operation.jobId]);
      }
    }
  }

  /** Renters and sellers see what is theirs; counts behind quotas are those of what is there. */
  #checkLists(): void {
    const { links } = this.#world.c.storage.rentals;
    const stored = this.#storedRentals();
    for (const renter of new Set([...this.stories.values()].map((story) => story.renter))) {
      const of = renter as Rental['renter'];
      const own = stored.filter((rental) => rental.renter === of);
      const count = (kinds: readonly RentalState['kind'][]) =>
        own.filter(({ state }) => kinds.includes(state.kind)).length;
      expect(links.count({ kind: 'of-renter', of })).toBe(own.length);
      const unpaid = links.count({ kind: 'quotes-of-renter', of });
      expect(unpaid).toBe(count(['quoted', 'awaiting-payment']));
      const live = links.count({ kind: 'live-of-renter', of });
      expect(live).toBe(count(['provisioning', 'active', 'ending']));
    }
  }

  #storedRentals(): readonly Rental[] {
    return [...this.#rows('rentals').values()].map((bytes) => this.#codec.decode(bytes));
  }

  #liveJobs(): readonly Job[] {
    const jobs = [...this.#rows('jobs').values()].map((bytes) => this.#jobCodec.decode(bytes));
    return jobs.filter(({ state }) => isLive(state));
  }

  #rows(name: keyof typeof MEMORY_IDS): ReadonlyMap<string, Uint8Array> {
    const rows = this.#world.memories.stores.get(MEMORY_IDS[name])?.rows() ?? [];
    return new Map([...rows].map(({ key, value }) => [key.join(), value]));
  }
}

/** Undefined while nobody has paid. */
function isPaid({ deposited }: FakeEscrow): boolean {
  return deposited > 0n;
}

/** A quote whose answer never came: it is unpaid, and lapses by the treasury's own clock. */
function isUntold({ id, phase }: FakeEscrow, told: ReadonlySet<EscrowId>): boolean {
  return phase.kind === 'quoted' && !told.has(id);
}

/** The treasury neither holds nor owes anything, and nobody can pay any more. */
export function isEscrowSettled({ phase, refundPaid, refundCredited }: FakeEscrow): boolean {
  if (phase.kind === 'lapsed' || phase.kind === 'closed') return true;
  return phase.kind === 'ended' && phase.isFinal && refundPaid === refundCredited;
}

interface Entry {
  readonly id: number;
  readonly dueAt: TimestampNs | undefined;
}

function entriesOf(queue: {
  readonly due: (
    now: TimestampNs,
    limit: number,
  ) => readonly { id: number; dueAtNs: TimestampNs }[];
}): readonly Entry[] {
  return queue
    .due(FOR_EVER, MANY)
    .map(({ id, dueAtNs }) => ({ id, dueAt: dueAtNs }))
    .sort((a, b) => a.id - b.id);
}

function owed(rows: readonly Entry[]): readonly Entry[] {
  return rows.map(({ id, dueAt }) => ({ id, dueAt })).sort((a, b) => a.id - b.id);
}

function byNumber(a: number, b: number): number {
  return a - b;
}
