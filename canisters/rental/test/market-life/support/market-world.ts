import { createHash } from 'node:crypto';
import { expect } from 'vitest';
import {
  personCalled,
  fakeCanister,
  type FakeCanister,
} from '../../../src/testing/fake-canister.fake.ts';
import { FakeMemories } from '@decent-cloud/kit/testing/memories.fake.ts';
import type { StableStore } from '@decent-cloud/kit/store/stable-store.port.ts';
import { armTimers } from '@decent-cloud/kit/timers/timer-registry.ts';
import type { AccountId, RentalId } from '@decent-cloud/domain/ids.ts';
import { after, durationNs, type DurationNs, type TimestampNs } from '@decent-cloud/domain/time.ts';
import type { CloudAccount, Provider } from '../../../src/core/accounts/provider.ts';
import type { EscrowId, OfferingId } from '../../../src/core/ids.ts';
import type { OfferedRecipe, OfferingInput } from '../../../src/core/market/offering.ts';
import type { Recipe } from '../../../src/core/recipes/recipe.ts';
import type { Rental } from '../../../src/core/rentals/rental.ts';
import { timerTasks } from '../../../src/flows/timer-tasks.ts';
import { MEMORY_IDS } from '../../../src/storage/memory-ids.ts';
import { grantAgent } from '../../../src/flows/accounts/grant-agent.flow.ts';
import {
  asPerson,
  givenAccount,
  givenAgent,
  givenCloudAccount,
  givenProvider,
  givenSettings,
} from '../../../src/testing/accounts.fake.ts';
import { fakeArchive, type FakeArchive } from '../../../src/testing/archive.fake.ts';
import {
  givenCatalogue,
  givenOffering,
  SMALL,
  SMALL_IN_NUREMBERG,
} from '../../../src/testing/market.fake.ts';
import { givenRecipe, recipeField } from '../../../src/testing/recipes.fake.ts';
import { fakeTreasury, type FakeTreasury } from '../../../src/testing/treasury.fake.ts';
import type { FakeEscrow } from '../../../src/testing/treasury-books.fake.ts';
import { GOOD_LUCK, Worker, type SentReport, type Workplace } from './bridge.ts';
import { Cloud } from './cloud.ts';
import { MarketRules } from './market-rules.ts';

export const RENTERS = ['ann', 'ben', 'seller'] as const;
export const AGENTS = ['alpha', 'beta'] as const;
export const OPERATOR = 'operator';
export type AgentName = (typeof AGENTS)[number];

/** The treasury has decided about every deposit by then. */
const DEPOSIT_DECIDED_NS = durationNs({ hours: 24 });
/** A treasury that takes longer to answer stands still. */
const PATIENCE_NS = durationNs({ minutes: 15 });
const SOON_NS = durationNs({ seconds: 10 });
const MAX_ROUNDS = 8;

/** A recipe that asks for one of each kind of input. */
export const FIELDS = [
  recipeField(),
  recipeField({ name: 'TOKEN', label: 'Token', fieldType: { kind: 'secret' } }),
  recipeField({
    name: 'ADMIN',
    label: 'Admin',
    fieldType: { kind: 'generated-secret', length: 20 },
  }),
];

interface Seller {
  readonly name: string;
  readonly provider: Provider;
  readonly accountId: CloudAccount['id'];
}

/**
 * The canister on the heap with everybody around it: renters, two sellers with their agents' workers
 * and clouds, an author, a treasury, an archive. Time is what the test says; timers fire as it passes.
 */
export class MarketWorld {
  readonly memories = new FakeMemories();
  readonly cloud = new Cloud();
  readonly sent: SentReport[] = [];
  readonly claimed = new Set<RentalId>();
  readonly rules: MarketRules = new MarketRules(this);
  readonly treasury: FakeTreasury;
  readonly archive: FakeArchive;
  readonly sellers: readonly Seller[];
  readonly offers: readonly OfferingId[];
  readonly recipe: Recipe;
  readonly workers: readonly Worker[];
  c: FakeCanister;
  /** Nothing of it happened on time: the treasury may have decided by its own clock. */
  wasStalled = false;
  readonly #running = new Set<Promise<unknown>>();
  readonly #failures: unknown[] = [];
  readonly #depositingSince = new Map<EscrowId, TimestampNs>();

  constructor() {
    this.c = fakeCanister({ memories: { open: (id) => this.#open(id) } });
    const { c } = this;
    c.runtime.controllers = [personCalled(OPERATOR)];
    givenSettings(c);
    for (const name of RENTERS) givenAccount(c, name);
    this.treasury = fakeTreasury(c);
    this.archive = fakeArchive(c);
    this.sellers = [
      { name: 'seller', agent: 'alpha', maxConcurrentJobs: 2 },
      { name: 'other', agent: 'beta', maxConcurrentJobs: 1 },
    ].map(({ name, agent, maxConcurrentJobs }) => {
      const provider = givenProvider(c, name);
      for (const each of AGENTS) givenAgent(c, provider, { agent: personCalled(each) });
      const given = { agent: personCalled(agent), maxConcurrentJobs };
      return { name, provider, accountId: givenCloudAccount(c, provider, given).id };
    });
    const versions = [{ fields: FIELDS }, { fields: FIELDS, semver: '1.1.0' }];
    this.recipe = givenRecipe(c, { versions });
    const recipe: OfferedRecipe = {
      recipeId: this.recipe.id,
      range: { kind: 'pinned', version: '1.0.0' },
    };
    const choices = [SMALL, SMALL_IN_NUREMBERG];
    this.offers = [
      this.#offer(0, { choices }),
      this.#offer(0, { recipe }),
      this.#offer(1, { choices }),
    ];
    const { cloud, sent, claimed } = this;
    const mayWork: Workplace['mayWork'] = (agent, id) => this.#mayWork(agent, id);
    const workplace = { canister: () => this.c, cloud, sent, claimed, mayWork };
    this.workers = AGENTS.flatMap((agent) => [0, 1].map((n) => new Worker(agent, n, workplace)));
    armTimers(c.timers, timerTasks(c));
  }

  get now(): TimestampNs {
    return this.c.runtime.now;
  }

  account({ accountId }: Seller): CloudAccount {
    const account = this.c.storage.accounts.cloudAccounts.get(accountId);
    if (account === undefined) throw new Error('a seller has no cloud account');
    return account;
  }

  rental(id: RentalId): Rental | undefined {
    return this.c.storage.rentals.rentals.get(id);
  }

  /** Every period of a rental that the treasury knows, paid or not. */
  escrowsOf(id: RentalId): readonly FakeEscrow[] {
    return this.treasury.books.escrows().filter(({ terms }) => terms.rentalId === id);
  }

  /** Begins a call that may have to wait for another canister, and lets it go as far as it can. */
  async begin(call: () => Promise<unknown>, by: string): Promise<void> {
    const before = this.c.runtime.callerNow;
    this.c.runtime.callerNow = personCalled(by);
    this.#watch(call());
    this.c.runtime.callerNow = before;
    await this.settle();
  }

  /** Everything that can happen without time and without a held answer has happened then. */
  async settle(): Promise<void> {
    await new Promise(setImmediate);
    const [failure] = this.#failures;
    if (failure !== undefined) throw failure as Error;
  }

  /** The answers that are held arrive, late. */
  async answersArrive(): Promise<void> {
    this.treasury.failing = undefined;
    this.treasury.letGo();
    await this.settle();
  }

  /** All timers fire until nothing is due any more. */
  async tick(): Promise<void> {
    for (let round = 0; round < MAX_ROUNDS; round += 1) {
      for (const { run } of this.c.timers.intervals) this.#watch(Promise.resolve(run()));
      await this.settle();
      while (this.c.timers.delays.length > 0) {
        await this.c.timers.fireNext();
        await this.settle();
      }
      if (!this.#isSomethingDue()) return;
    }
  }

  /**
   * Time passes with the canister awake: what is due at first is done within ten seconds, and then it
   * looks at most `looks` times, and whenever the treasury is to be told something.
   */
  async pass(byNs: DurationNs, looks: number): Promise<void> {
    if (this.c.runtime.openCalls() > 0 && byNs > PATIENCE_NS) this.wasStalled = true;
    const until = after(this.now, byNs);
    await this.#passTo(earlier(until, after(this.now, SOON_NS)));
    let left = looks;
    while (this.now < until) {
      const look = earlier(until, left > 1 ? this.#nextLook(until, left) : until);
      const fact = this.#nextFact(look);
      await this.#passTo(fact ?? look);
      if (fact === undefined) left -= 1;
    }
  }

  /** Time passes and nobody looks. */
  jump(byNs: DurationNs): void {
    this.wasStalled = true;
    this.c.runtime.now = after(this.now, byNs);
  }

  /** What the treasury does by its own timers. */
  treasuryWorks(): void {
    const { books } = this.treasury;
    for (const { id, phase } of books.escrows()) {
      const dueAt = books.brief(id)?.dueAt;
      if (phase.kind === 'ended' && (phase.isFinal || (dueAt ?? this.now) <= this.now)) {
        books.settle(id);
      }
      if (phase.kind !== 'depositing') this.#depositingSince.delete(id);
      else this.#decideInTime(id);
    }
  }

  /** The same memories under new code; what waits for an answer is waited for first. */
  async upgrade(): Promise<void> {
    await this.answersArrive();
    expect(this.c.runtime.openCalls()).toBe(0);
    this.c = this.c.upgraded();
    armTimers(this.c.timers, timerTasks(this.c));
  }

  catalogueIsRead(): void {
    for (const seller of this.sellers) givenCatalogue(this.c, this.account(seller));
  }

  /** The seller lets the agent work, for as long as can be. */
  grant({ name }: Seller, agent: AgentName): void {
    const { c } = this;
    const expiresAt = after(this.now, durationNs({ days: 300 }));
    const scopes = ['provision', 'health', 'catalogue', 'notify'] as const;
    const input = { agent: personCalled(agent), label: agent, scopes, expiresAt };
    asPerson(c, name, () => grantAgent(c, input));
  }

  grantAll(): void {
    for (const seller of this.sellers) for (const agent of AGENTS) this.grant(seller, agent);
  }

  /** Every worker takes what there is and comes so far with it. */
  allBegin(steps: number): void {
    for (const worker of this.workers) {
      worker.claim(3);
      for (const hand of worker.hands) {
        for (let step = 0; step < steps; step += 1) worker.step(hand, GOOD_LUCK);
      }
    }
  }

  /** Every worker takes what there is and does it well. */
  allWork(): void {
    for (const worker of this.workers) {
      worker.claim(20);
      for (const hand of worker.hands) worker.finish(hand);
    }
  }

  #mayWork(agent: string, id: CloudAccount['id']): boolean {
    const seller = this.sellers.find(({ accountId }) => accountId === id);
    if (seller === undefined || !this.isAgentOf(agent, id)) return false;
    const { grants } = this.c.storage.accounts;
    const grant = grants.get([seller.provider.id, personCalled(agent)]);
    return grant !== undefined && grant.expiresAt > this.now && grant.scopes.includes('provision');
  }

  /** True if the cloud account is worked by that agent. */
  isAgentOf(agent: string, id: CloudAccount['id']): boolean {
    const account = this.c.storage.accounts.cloudAccounts.get(id);
    return account?.agent.compareTo(personCalled(agent)) === 'eq';
  }

  /** Who signs in to an account. */
  nameOf(id: AccountId): string | undefined {
    const { accountOf } = this.c.storage.accounts;
    return ['other', ...RENTERS].find((name) => accountOf(personCalled(name))?.id === id);
  }

  /** Everything that is stored, as one text. */
  snapshot(): string {
    const hash = createHash('sha256');
    for (const [id, store] of this.memories.stores) {
      for (const { key, value } of store.rows()) {
        hash.update(`${id}:${Buffer.from(key).toString('hex')}=`).update(value);
      }
    }
    return hash.digest('hex');
  }

  async #passTo(at: TimestampNs): Promise<void> {
    this.c.runtime.now = at;
    this.treasuryWorks();
    await this.tick();
  }

  #decideInTime(id: EscrowId): void {
    const since = this.#depositingSince.get(id) ?? this.now;
    this.#depositingSince.set(id, since);
    if (after(since, DEPOSIT_DECIDED_NS) > this.now) return;
    if (id % 2 === 0) this.treasury.books.confirmDeposit(id);
    else this.treasury.books.failDeposit(id);
  }

  #offer(of: number, input: Partial<OfferingInput>): OfferingId {
    const seller = this.sellers[of];
    if (seller === undefined) throw new Error('no such seller');
    const account = this.account(seller);
    return givenOffering(this.c, { seller: seller.name, account, input }).offering.id;
  }

  #isSomethingDue(): boolean {
    const { rentals, jobs, health } = this.c.storage;
    const first = [rentals.due, rentals.facts.due, jobs.due, health.due].map((queue) =>
      queue.nextDueAtNs(),
    );
    return rentals.toAsk.size > 0 || first.some((at) => at !== undefined && at <= this.now);
  }

  /** When a fact is sent again, if that is before `until`. */
  #nextFact(until: TimestampNs): TimestampNs | undefined {
    const at = this.c.storage.rentals.facts.due.nextDueAtNs();
    return at !== undefined && at > this.now && at < until ? at : undefined;
  }

  /** When something is due next, but not so soon that there would be too many looks. */
  #nextLook(until: TimestampNs, looksLeft: number): TimestampNs {
    const { rentals, jobs } = this.c.storage;
    const soonest = after(this.now, ((until - this.now) / BigInt(looksLeft)) as DurationNs);
    const next = [rentals.due, jobs.due]
      .flatMap((queue) => queue.nextDueAtNs() ?? [])
      .reduce(earlier, until);
    return next > soonest ? next : soonest;
  }

  #watch(promise: Promise<unknown>): void {
    this.#running.add(promise);
    promise.then(
      () => this.#running.delete(promise),
      (failure: unknown) => this.#failures.push(failure),
    );
  }

  #open(id: number): StableStore {
    const store = this.memories.open(id);
    if (id === MEMORY_IDS.rentals) return this.rules.watchRentals(store);
    return id === MEMORY_IDS.terms ? this.rules.watchTerms(store) : store;
  }
}

function earlier(one: TimestampNs, other: TimestampNs): TimestampNs {
  return one < other ? one : other;
}
