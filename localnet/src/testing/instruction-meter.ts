import type { Replica, ReplicaEvent } from '../core/replica-api.ts';

export type Execution = Extract<ReplicaEvent, { kind: 'executed' }>;

/** What ran during a piece of a test. Instructions are the IC's own units. */
export interface Measurement<T> {
  readonly result: T;
  readonly instructions: bigint;
  /** By canister id in text form; canisters written in TypeScript cost nothing. */
  readonly byCanister: ReadonlyMap<string, bigint>;
  /** In the order they ran; traps included. */
  readonly executions: readonly Execution[];
}

/** Sums what canisters execute: all of it, and in detail while something is measured. */
export class InstructionMeter {
  #total = 0n;
  #executions: Execution[] | undefined;

  constructor(replica: Replica) {
    replica.onEvent((event) => {
      if (event.kind !== 'executed') return;
      this.#total += event.instructions;
      this.#executions?.push(event);
    });
  }

  get total(): bigint {
    return this.#total;
  }

  /** Measures what `run` makes the replica execute. Measurements do not nest. */
  measure<T>(run: () => T): Measurement<T> {
    if (this.#executions !== undefined) throw new Error('already measuring');
    const executions: Execution[] = [];
    this.#executions = executions;
    try {
      return { result: run(), ...sums(executions), executions };
    } finally {
      this.#executions = undefined;
    }
  }
}

function sums(executions: readonly Execution[]) {
  const byCanister = new Map<string, bigint>();
  let instructions = 0n;
  for (const execution of executions) {
    const key = execution.canisterId.toText();
    byCanister.set(key, (byCanister.get(key) ?? 0n) + execution.instructions);
    instructions += execution.instructions;
  }
  return { instructions, byCanister };
}
