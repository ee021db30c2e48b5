import { Principal } from '@dfinity/principal';
import type { TokenUnits } from '@decent-cloud/domain/amount.ts';
import { FakeRuntime } from '@decent-cloud/kit/testing/runtime.fake.ts';
import type { TransferId } from '../core/ids.ts';
import type { AttemptOutcome } from '../core/transfers/attempt.ts';
import { memoOf } from '../core/transfers/frozen-args.ts';
import type { FrozenArgs } from '../core/transfers/transfer.ts';
import { sendTransfer } from '../flows/ledger/send-transfer.ts';
import { FaultNetwork } from './fault-network.fake.ts';
import { hex, keyOf } from './model-block.fake.ts';
import { ModelLedger } from './model-ledger.fake.ts';
import { SeededRandom } from './seeded-random.fake.ts';

/**
 * Ways to pay that look right and are not.
 *
 * - `fresh-time`: each try is a new transaction.
 * - `same-time`: the same time for all tries; a new fee or time when the ledger asks for it.
 * - `pop-first`: taken off the list before the call, so that nothing is paid twice.
 */
export type NaiveDesign = 'fresh-time' | 'same-time' | 'pop-first';

interface Debt {
  args: FrozenArgs;
  isOpen: boolean;
}

const AMOUNT = 1_000_000n as TokenUnits;
const DEBTS = 4;
const MINUTE_NS = 60_000_000_000n;

/** Pays a few debts over the network that the real machine is tried on. */
export class NaiveWorld {
  readonly #design: NaiveDesign;
  readonly #random: SeededRandom;
  readonly #ledger: ModelLedger;
  readonly #network: FaultNetwork;
  readonly #runtime = new FakeRuntime();
  readonly #debts: Debt[];
  #busy = new Set<number>();

  constructor(options: { readonly design: NaiveDesign; readonly seed: number }) {
    this.#design = options.design;
    this.#random = new SeededRandom(options.seed);
    const archiveId = Principal.fromUint8Array(Uint8Array.of(3, 1));
    const id = Principal.fromUint8Array(Uint8Array.of(2, 1));
    this.#ledger = new ModelLedger({ id, archiveId, fee: 10_000n, blockForm: 'op' });
    const [random, ledger, caller] = [this.#random, this.#ledger, this.#runtime.self()];
    this.#network = new FaultNetwork({ random, ledger, caller });
    this.#runtime.answerCall = this.#network.call;
    this.#ledger.mint(keyOf({ owner: caller, subaccount: [] }), 10n * AMOUNT, this.#network.now);
    this.#debts = Array.from({ length: DEBTS }, (_, index) => ({
      args: this.#freshArgs(index, 10_000n as TokenUnits),
      isOpen: true,
    }));
  }

  /** How many debts were paid more than once, and how many never though nobody will try again. */
  async live(actions: number): Promise<{ readonly double: number; readonly lost: number }> {
    for (let done = 0; done < actions; done += 1) {
      await this.#act(
        this.#random.weighted({ arrive: 30, answer: 30, pay: 30, time: 6, day: 1, upgrade: 2 }),
      );
    }
    this.#network.hasFaults = false;
    for (let rounds = 0; rounds < 20 * DEBTS; rounds += 1) {
      for (const action of ['pay', 'arrive', 'answer', 'time']) await this.#act(action);
    }
    const counts = this.#debts.map((_, index) => this.#timesPaid(index));
    return {
      double: counts.filter((count) => count > 1).length,
      lost: counts.filter((count) => count === 0).length,
    };
  }

  async #act(action: string): Promise<void> {
    if (action === 'arrive') this.#network.arrive();
    if (action === 'answer') this.#network.answer();
    if (action === 'pay') this.#payAll();
    if (action === 'time') this.#network.advance(BigInt(this.#random.below(60)) * MINUTE_NS);
    if (action === 'day') this.#network.advance(26n * 60n * MINUTE_NS);
    if (action === 'upgrade') {
      this.#network.loseCallers();
      this.#busy = new Set();
    }
    await new Promise((resume) => setImmediate(resume));
  }

  #payAll(): void {
    for (const [index, debt] of this.#debts.entries()) {
      if (!debt.isOpen || this.#busy.has(index)) continue;
      this.#busy.add(index);
      this.#pay(index, debt)
        .catch(() => undefined)
        .finally(() => this.#busy.delete(index));
    }
  }

  async #pay(index: number, debt: Debt): Promise<void> {
    if (this.#design === 'fresh-time') debt.args = this.#freshArgs(index, debt.args.fee);
    if (this.#design === 'pop-first') debt.isOpen = false;
    const account = { owner: this.#runtime.self(), subaccount: undefined };
    const to = { owner: Principal.fromUint8Array(Uint8Array.of(5, index)), subaccount: undefined };
    const purpose = { kind: 'fee-withdrawal' } as const;
    const sending = { ledger: this.#ledger.id, from: account, to, purpose };
    this.#learn(index, debt, await sendTransfer(this.#runtime, sending, debt.args));
  }

  #learn(index: number, debt: Debt, outcome: AttemptOutcome): void {
    if (outcome.kind === 'executed') debt.isOpen = false;
    if (outcome.kind !== 'refused') return;
    const { refusal } = outcome;
    if (refusal.kind === 'duplicate') debt.isOpen = false;
    if (refusal.kind === 'bad-fee')
      debt.args = { ...debt.args, fee: refusal.expectedFee as TokenUnits };
    if (refusal.kind === 'too-old') debt.args = this.#freshArgs(index, debt.args.fee);
  }

  #freshArgs(index: number, fee: TokenUnits): FrozenArgs {
    const memo = memoOf({ id: index as TransferId, generation: 1 });
    return { generation: 1, createdAt: this.#network.now, memo, amount: AMOUNT, fee };
  }

  #timesPaid(index: number): number {
    const memo = hex(memoOf({ id: index as TransferId, generation: 1 }));
    return this.#ledger.blocks.filter((block) => block.memo === memo).length;
  }
}
