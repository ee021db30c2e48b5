import { checkFault, FaultError, TRANSPORT_FAULTS, type Fault, type FaultKind } from './fault.ts';
import { HeldCalls } from './held-calls.ts';
import { SeededRandom } from './seeded-random.ts';

/** Stands for the next transaction, whichever method it comes by. */
export const ANY_METHOD = 'any';

/** What a ledger offers: which methods can be made to fail, and how. */
export interface FaultTargets {
  /** Every method of the public interface. */
  readonly methods: ReadonlySet<string>;
  /** Those that move tokens or set allowances. */
  readonly transactions: ReadonlySet<string>;
  /** Whether the method's answer can say `Err(<leaf>)`. */
  readonly canAnswer: (method: string, leaf: string) => boolean;
}

export interface LikelyFault {
  readonly fault: Fault;
  /** From 0 to 1; all of a list together at most 1. */
  readonly probability: number;
}

export interface RandomFaults {
  /** A whole number below 2^32; the same seed and calls give the same faults. */
  readonly seed: number;
  readonly probabilities: readonly LikelyFault[];
  /** Every transaction if left out. */
  readonly methods?: readonly string[];
}

export interface ArmedFault {
  readonly method: string;
  readonly fault: Fault;
}

export interface FaultCounters {
  /** Calls of transactions, with and without a fault. */
  readonly calls: number;
  /** Calls of any method that met a fault, by kind. */
  readonly faults: ReadonlyMap<FaultKind, number>;
  /** Blocks that calls of transactions appended, whatever their callers were told. */
  readonly executedBlocks: number;
}

/** All that outlives a restart. */
export interface FaultsState {
  readonly armed: readonly ArmedFault[];
  readonly random: RandomFaults | undefined;
  readonly counters: FaultCounters;
}

/** Makes a ledger's calls fail: one by one, or by chance. Without orders nothing fails. */
export class LedgerFaults {
  readonly held = new HeldCalls();
  readonly #targets: FaultTargets;
  #armed: ArmedFault[] = [];
  #random: { readonly plan: RandomFaults; readonly source: SeededRandom } | undefined;
  #calls = 0;
  #executedBlocks = 0;
  readonly #faults = new Map<FaultKind, number>();

  constructor(targets: FaultTargets) {
    this.#targets = targets;
  }

  /** The method's next call meets the fault, after those ordered before. Throws `FaultError`. */
  next(method: string, fault: Fault): void {
    checkFault(fault);
    const methods = method === ANY_METHOD ? [...this.#targets.transactions] : [method];
    for (const name of methods) this.#check(name, fault);
    this.#armed.push({ method, fault });
  }

  /** Every call meets one of the faults by chance, unless one is ordered. Throws `FaultError`. */
  random(plan: RandomFaults): void {
    const methods = plan.methods ?? [...this.#targets.transactions];
    for (const { fault } of plan.probabilities) {
      checkFault(fault);
      for (const method of methods) this.#check(method, fault);
    }
    checkProbabilities(plan.probabilities);
    this.#random = { plan, source: new SeededRandom(plan.seed) };
  }

  /** No fault any more. Held calls stay held; see `release`. */
  clear(): void {
    this.#armed = [];
    this.#random = undefined;
  }

  /** Lets every call go on that `never-reply` or `delay-reply` holds; says how many. */
  release(): number {
    return this.held.release();
  }

  /** Faults ordered and not yet met. */
  get armed(): readonly ArmedFault[] {
    return this.#armed;
  }

  get counters(): FaultCounters {
    return {
      calls: this.#calls,
      faults: new Map(this.#faults),
      executedBlocks: this.#executedBlocks,
    };
  }

  /** The fault that a call meets now, if any; it is counted. */
  take(method: string): Fault | undefined {
    const isTransaction = this.#targets.transactions.has(method);
    if (isTransaction) this.#calls += 1;
    const fault = this.#takeArmed(method, isTransaction) ?? this.#draw(method, isTransaction);
    if (fault !== undefined) {
      this.#faults.set(fault.kind, (this.#faults.get(fault.kind) ?? 0) + 1);
    }
    return fault;
  }

  countBlocks(count: number): void {
    this.#executedBlocks += count;
  }

  #takeArmed(method: string, isTransaction: boolean): Fault | undefined {
    const at = this.#armed.findIndex(
      (armed) => armed.method === method || (armed.method === ANY_METHOD && isTransaction),
    );
    return at === -1 ? undefined : this.#armed.splice(at, 1)[0]?.fault;
  }

  #draw(method: string, isTransaction: boolean): Fault | undefined {
    if (this.#random === undefined) return undefined;
    const { plan, source } = this.#random;
    if (!(plan.methods?.includes(method) ?? isTransaction)) return undefined;
    let left = source.next();
    for (const { fault, probability } of plan.probabilities) {
      if (left < probability) return fault;
      left -= probability;
    }
    return undefined;
  }

  #check(method: string, fault: Fault): void {
    const { methods, transactions, canAnswer } = this.#targets;
    if (!methods.has(method)) throw new FaultError(`the ledger has no method ${method}`);
    if (TRANSPORT_FAULTS.has(fault.kind)) return;
    if (!transactions.has(method)) throw new FaultError(`${method} is no transaction`);
    const leaf = LEAF_OF.get(fault.kind);
    if (leaf !== undefined && !canAnswer(method, leaf)) {
      throw new FaultError(`${method} cannot answer ${leaf}`);
    }
  }

  state(): FaultsState {
    const random = this.#random && { ...this.#random.plan, seed: this.#random.source.state };
    return { armed: this.#armed, random, counters: this.counters };
  }

  load(state: FaultsState): void {
    this.#armed = [...state.armed];
    this.#random = state.random && {
      plan: state.random,
      source: new SeededRandom(state.random.seed),
    };
    this.#calls = state.counters.calls;
    this.#executedBlocks = state.counters.executedBlocks;
    this.#faults.clear();
    for (const [kind, count] of state.counters.faults) this.#faults.set(kind, count);
    // A replica at rest has no open calls, so none are held after a load.
    this.held.clear();
  }
}

const LEAF_OF: ReadonlyMap<FaultKind, string> = new Map<FaultKind, string>([
  ['temporarily-unavailable', 'TemporarilyUnavailable'],
  ['generic-error', 'GenericError'],
]);

function checkProbabilities(list: readonly LikelyFault[]): void {
  const sum = list.reduce((total, { probability }) => total + probability, 0);
  if (!list.every(({ probability }) => probability >= 0) || !(sum <= 1)) {
    throw new FaultError('probabilities are at least 0 and together at most 1');
  }
}
