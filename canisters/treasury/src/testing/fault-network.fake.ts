import type { Principal } from '@dfinity/principal';
import { timestampNs, type TimestampNs } from '@decent-cloud/domain/time.ts';
import { err, ok, type Result } from '@decent-cloud/domain/result.ts';
import type {
  CallFailure,
  CallRequest,
  RejectCode,
} from '@decent-cloud/kit/runtime/runtime.port.ts';
import type { ModelLedger } from './model-ledger.fake.ts';
import { ModelTrap } from './model-ledger.fake.ts';
import type { SeededRandom } from './seeded-random.fake.ts';

/** What becomes of a call. Before or after: whether the ledger had executed it. */
const FAULTS = {
  none: 55,
  'reject-before': 8,
  'trap-before': 8,
  'reject-after': 10,
  'garbage-after': 5,
  'cleanup-after': 6,
  'fee-changed': 5,
  busy: 3,
} as const;
type Fault = keyof typeof FAULTS;

type Outcome = Result<Uint8Array, CallFailure>;

/** What the host throws into the code after an `await` that trapped. */
export const CLEANUP = {
  type: 'CleanupCallback',
  rejectCode: 10_001,
  rejectMessage: 'executing within cleanup callback',
} as const;

interface Sent {
  readonly request: CallRequest;
  readonly epoch: number;
  readonly settle: (outcome: Outcome | typeof CLEANUP) => void;
}

interface Answer extends Pick<Sent, 'epoch' | 'settle'> {
  readonly outcome: Outcome | typeof CLEANUP;
}

const FEES = [10_000n, 20_000n, 1_000n, 0n] as const;
const BUSY_REPLY_METHODS = new Set(['icrc1_transfer', 'icrc2_transfer_from']);

/**
 * Calls between one canister and a ledger, one step at a time and with faults. Calls overtake each
 * other, which the Internet Computer does not even permit: the machine must not need that. Calls that
 * are on their way when the canister is upgraded still arrive; their answers do not.
 */
export class FaultNetwork {
  now: TimestampNs = timestampNs(1_800_000_000_000_000_000n);
  hasFaults = true;
  readonly #random: SeededRandom;
  readonly #ledger: ModelLedger;
  readonly #caller: Principal;
  #epoch = 0;
  #sent: Sent[] = [];
  #answers: Answer[] = [];

  constructor(parts: {
    readonly random: SeededRandom;
    readonly ledger: ModelLedger;
    readonly caller: Principal;
  }) {
    this.#random = parts.random;
    this.#ledger = parts.ledger;
    this.#caller = parts.caller;
  }

  get isQuiet(): boolean {
    return this.#sent.length === 0 && this.#answers.length === 0;
  }

  readonly call = (request: CallRequest): Promise<Outcome> => {
    const epoch = this.#epoch;
    return new Promise<Outcome>((resolve, reject) => {
      const settle: Sent['settle'] = (outcome) => {
        if ('type' in outcome) reject(Object.assign(new Error(outcome.rejectMessage), outcome));
        else resolve(outcome);
      };
      this.#sent.push({ request, epoch, settle });
    });
  };

  advance(byNs: bigint): void {
    this.now = timestampNs(this.now + byNs);
  }

  /** From now on nobody waits for the answers to what was sent before. */
  loseCallers(): void {
    this.#epoch += 1;
  }

  /** A call arrives, mostly the oldest; false if none is on its way. */
  arrive(): boolean {
    const isOvertaking = this.hasFaults && this.#random.isOneIn(4);
    const index = isOvertaking ? this.#random.below(this.#sent.length) : 0;
    const [sent] = this.#sent.splice(index, 1);
    if (sent === undefined) return false;
    const { epoch, settle } = sent;
    const outcome = this.#process(sent.request);
    this.#answers.push({ epoch, settle, outcome });
    return true;
  }

  /** Some answer comes back. Gives whether it is the one after a trap. */
  answer(): 'none' | 'cleanup' | 'ordinary' {
    const [answer] = this.#answers.splice(this.#random.below(this.#answers.length), 1);
    if (answer === undefined) return 'none';
    if (answer.epoch !== this.#epoch) return 'ordinary';
    answer.settle(answer.outcome);
    return 'type' in answer.outcome ? 'cleanup' : 'ordinary';
  }

  #process(request: CallRequest): Answer['outcome'] {
    const fault: Fault = this.hasFaults ? this.#random.weighted(FAULTS) : 'none';
    switch (fault) {
      case 'none':
        return this.#execute(request);
      case 'reject-before':
        if (this.#random.isOneIn(3)) return err({ kind: 'not-sent', reason: 'no cycles' });
        return rejected(this.#random.pick([1, 2, 3]));
      case 'trap-before':
        return rejected(this.#random.pick([4, 5, 6]));
      case 'reject-after':
        this.#execute(request);
        return rejected(this.#random.pick([4, 5, 6]));
      case 'garbage-after':
        this.#execute(request);
        return ok(Uint8Array.of(0x44, 0x49, 0x44, 0x4c, 0x01, 0x7f));
      case 'cleanup-after':
        this.#execute(request);
        return CLEANUP;
      case 'fee-changed':
        this.#ledger.fee = this.#random.pick(FEES);
        return this.#execute(request);
      case 'busy':
        if (!BUSY_REPLY_METHODS.has(request.method)) return this.#execute(request);
        return ok(this.#ledger.busyReply(this.#random.isOneIn(2)));
    }
  }

  #execute(request: CallRequest): Outcome {
    const call = { caller: this.#caller, nowNs: this.now };
    try {
      return ok(this.#ledger.handle(request, call));
    } catch (error) {
      if (error instanceof ModelTrap) return rejected(5);
      throw error;
    }
  }
}

function rejected(code: RejectCode): Outcome {
  return err({ kind: 'rejected', code, message: 'injected' });
}
