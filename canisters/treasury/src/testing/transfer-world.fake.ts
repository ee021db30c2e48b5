import { Principal } from '@dfinity/principal';
import { isCleanup } from '@decent-cloud/kit/guard/with-guard.ts';
import { FakeMemories } from '@decent-cloud/kit/testing/memories.fake.ts';
import { FakeRuntime, FakeTimers } from '@decent-cloud/kit/testing/runtime.fake.ts';
import { escrowAccount } from '../core/accounts.ts';
import type { Account } from '../core/account.ts';
import type { TreasuryEvent } from '../core/events.ts';
import type { EscrowId, TransferId } from '../core/ids.ts';
import { recordEvent } from '../flows/record-event.flow.ts';
import { resolveParked, type ParkedClaim } from '../flows/transfers/resolve-parked.flow.ts';
import { runTransfer } from '../flows/transfers/run-transfer.flow.ts';
import { tickTransfers } from '../flows/transfers/tick-transfers.flow.ts';
import { transferMemory, type TransferCanister } from '../flows/transfers/transfer-canister.ts';
import { openStorage } from '../storage/treasury-storage.ts';
import { accountKey, EscrowDriver, receiverOf } from './escrow-driver.fake.ts';
import { FaultNetwork } from './fault-network.fake.ts';
import { ModelLedger } from './model-ledger.fake.ts';
import { SeededRandom } from './seeded-random.fake.ts';
import { quoteOf } from './quote.fake.ts';

const MINUTE_NS = 60_000_000_000n;
const HOUR_NS = 60n * MINUTE_NS;
/** Below every fee but zero, so that no donation pays for a transfer. */
const MAX_DONATION = 900;

/** What may happen next, and how often. */
const ACTIONS = {
  ...{ arrive: 30, answer: 30, drive: 12, tick: 12, run: 6, minutes: 6 },
  ...{ hours: 1.5, day: 0.7, upgrade: 2, donate: 1.5, archive: 1 },
} as const;
type Action = keyof typeof ACTIONS;

/** One canister, made of what an upgrade keeps and what it loses. */
interface Instance extends TransferCanister {
  readonly runtime: FakeRuntime;
  readonly timers: FakeTimers;
}

/** A treasury with a few escrows, a ledger, and everything that can go wrong between them. */
export class TransferWorld {
  readonly random: SeededRandom;
  readonly ledger: ModelLedger;
  readonly network: FaultNetwork;
  readonly escrowIds: readonly EscrowId[];
  readonly bugs: unknown[] = [];
  readonly donations = new Map<string, bigint>();
  readonly #memories = new FakeMemories();
  readonly #self = Principal.fromUint8Array(Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 9, 1, 1));
  canister: Instance;
  readonly #driver: EscrowDriver;

  constructor(options: { readonly seed: number; readonly hasIcrc3Blocks: boolean }) {
    this.random = new SeededRandom(options.seed);
    this.ledger = new ModelLedger({
      id: Principal.fromUint8Array(Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 2, 1, 1)),
      archiveId: Principal.fromUint8Array(Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 3, 1, 1)),
      fee: 10_000n,
      blockForm: this.random.pick(['btype', 'op']),
    });
    const { random, ledger } = this;
    if (random.isOneIn(4))
      ledger.mintingAccount = accountKey(receiverOf(0 as EscrowId, 'provider'));
    this.network = new FaultNetwork({ random, ledger, caller: this.#self });
    const run = (id: TransferId) => {
      this.#run(id);
    };
    this.#driver = new EscrowDriver({ random, ledger, self: this.#self, run });
    this.canister = this.#start();
    this.escrowIds = [0, 1].map((id) => this.#quote(id as EscrowId, options.hasIcrc3Blocks));
  }

  get controller(): Principal {
    return Principal.fromUint8Array(Uint8Array.of(7, 7));
  }

  escrowAccount(id: EscrowId): Account {
    return escrowAccount(this.#self, id);
  }

  /** Every chaos that the seed holds, one action after another. */
  async storm(actions: number): Promise<void> {
    for (let done = 0; done < actions; done += 1) {
      await this.#act(this.random.weighted(ACTIONS));
    }
  }

  /** Without faults until nothing is left to do. */
  async calm(): Promise<void> {
    this.network.hasFaults = false;
    if (this.ledger.fee === 0n) this.ledger.fee = 10_000n;
    for (let rounds = 0; rounds < 400; rounds += 1) {
      this.#drive();
      this.#tick();
      await this.#drain();
      while (!this.network.isQuiet) {
        this.network.arrive();
        await this.#answer();
      }
      if (this.canister.storage.transfersDue.size() === 0 && !this.#drive()) return;
      this.network.advance(HOUR_NS);
    }
  }

  /** What a controller's claim about a parked transfer comes to, without faults. */
  async resolve(
    id: TransferId,
    claim: ParkedClaim,
  ): Promise<Awaited<ReturnType<typeof resolveParked>>> {
    this.#setTime();
    const resolving = resolveParked(this.canister, { transferId: id, claim });
    await new Promise((resume) => setImmediate(resume));
    while (this.network.arrive()) await this.#answer();
    return resolving;
  }

  /** Heap, timers and awaited answers are gone; stable memory is not. */
  upgrade(): void {
    this.network.loseCallers();
    this.canister = this.#start();
  }

  async #act(action: Action): Promise<void> {
    switch (action) {
      case 'arrive':
        this.network.arrive();
        break;
      case 'answer':
        await this.#answer();
        break;
      case 'drive':
        this.#drive();
        break;
      case 'tick':
        this.#tick();
        break;
      case 'run':
        this.#runAny();
        break;
      case 'minutes':
        this.network.advance(BigInt(this.random.below(20)) * MINUTE_NS);
        break;
      case 'hours':
        this.network.advance(BigInt(this.random.below(8)) * HOUR_NS);
        break;
      case 'day':
        this.network.advance(26n * HOUR_NS);
        break;
      case 'upgrade':
        this.upgrade();
        break;
      case 'donate':
        this.#donate();
        break;
      case 'archive':
        this.ledger.archivedBelow = this.random.below(this.ledger.blocks.length + 1);
        break;
    }
    await this.#drain();
  }

  /** Everything that is ready runs; what awaits an answer stays. */
  async #drain(): Promise<void> {
    for (;;) {
      this.#setTime();
      const delay = this.canister.timers.delays.shift();
      if (delay !== undefined) this.#spawn(Promise.resolve(delay.run()));
      await new Promise((resume) => setImmediate(resume));
      if (delay === undefined) return;
    }
  }

  /** After a trap of our own the journal must stay as it is. */
  async #answer(): Promise<void> {
    const { journal } = this.canister.storage;
    this.#setTime();
    const before = journal.length();
    const kind = this.network.answer();
    await new Promise((resume) => setImmediate(resume));
    if (kind === 'cleanup' && journal.length() !== before) this.bugs.push('cleanup wrote');
    await this.#drain();
  }

  #spawn(work: Promise<unknown>): void {
    work.catch((error: unknown) => {
      if (!isCleanup(error)) this.bugs.push(error);
    });
  }

  #run(id: TransferId): void {
    this.#spawn(runTransfer(this.canister, id));
  }

  #runAny(): void {
    const count = this.canister.storage.ids.transfers.count();
    if (count > 0) this.#run(this.random.below(count) as TransferId);
  }

  #tick(): void {
    this.#setTime();
    tickTransfers(this.canister);
  }

  /** What payers, facts and the escrow flows would do next. True if there was something. */
  #drive(): boolean {
    this.#setTime();
    return this.#driver.drive(this.canister, this.escrowIds);
  }

  #donate(): void {
    const id = this.random.pick([0, 1]) as EscrowId;
    const key = accountKey(escrowAccount(this.#self, id));
    const amount = BigInt(1 + this.random.below(MAX_DONATION));
    this.ledger.mint(key, amount, this.network.now);
    this.donations.set(key, (this.donations.get(key) ?? 0n) + amount);
  }

  #record(event: TreasuryEvent): void {
    recordEvent(this.canister.storage, { at: this.network.now, event });
  }

  #setTime(): void {
    this.canister.runtime.now = this.network.now;
  }

  #start(): Instance {
    const runtime = new FakeRuntime();
    runtime.selfId = this.#self;
    runtime.callerNow = this.controller;
    runtime.controllers = [this.controller];
    runtime.answerCall = this.network.call;
    runtime.now = this.network.now;
    const storage = openStorage(this.#memories.open);
    const memory = transferMemory();
    const priceHint = () => undefined;
    return { runtime, timers: new FakeTimers(), storage, memory, priceHint };
  }

  #quote(id: EscrowId, hasIcrc3Blocks: boolean): EscrowId {
    const quote = quoteOf({ id, ledger: this.ledger.id, now: this.network.now });
    const by = this.controller;
    const { id: ledger, fee } = this.ledger;
    const token = { ledger, symbol: 'TEST', decimals: 8, isEnabled: true, minPayout: 1n, fee };
    if (id === 0) {
      const config = { ...token, hasIcrc3Blocks } as never;
      this.#record({ kind: 'token-configured', by, config });
    }
    this.#record({ kind: 'quoted', quote });
    const payer = { owner: quote.terms.payer, subaccount: undefined };
    this.ledger.mint(accountKey(payer), quote.amount * 4n, this.network.now);
    return id;
  }
}
