import { IDL } from '@dfinity/candid';
import type { Principal } from '@dfinity/principal';
import type { Opt } from '../../core/candid-opt.ts';
import { CreateResult, MintResult, TopUpResult } from './cmc-idl.ts';

/** What a payment to the CMC was meant for. */
export type Intent = 'top-up' | 'create' | 'mint';

export type NotifyError =
  | { readonly Refunded: { readonly reason: string; readonly block_index: Opt<bigint> } }
  | { readonly Processing: null }
  | { readonly TransactionTooOld: bigint }
  | { readonly InvalidTransaction: string }
  | { readonly Other: { readonly error_code: bigint; readonly error_message: string } };

export interface MintSuccess {
  readonly block_index: bigint;
  readonly minted: bigint;
  readonly balance: bigint;
}

/** The values an intent can end in; `T` is what success gives. */
export type NotifyResult<T> = { readonly Ok: T } | { readonly Err: NotifyError };

export type Notification =
  | { readonly TopUp: NotifyResult<bigint> }
  | { readonly Create: NotifyResult<Principal> }
  | { readonly Mint: NotifyResult<MintSuccess> }
  | { readonly Refund: Opt<bigint> };

const NotificationType = IDL.Variant({
  TopUp: TopUpResult,
  Create: CreateResult,
  Mint: MintResult,
  Refund: IDL.Opt(IDL.Nat64),
});

export const NotificationsSnapshot = IDL.Record({
  lastPurged: IDL.Nat64,
  finished: IDL.Vec(IDL.Tuple(IDL.Nat64, NotificationType)),
});

export interface NotificationsValue {
  readonly lastPurged: bigint;
  readonly finished: readonly (readonly [bigint, Notification])[];
}

/** Source: dfinity/ic rs/nns/cmc/src/main.rs, MAX_NOTIFY_HISTORY. */
const HISTORY_MAX = 1_000_000;

const ALREADY: Readonly<Record<string, string>> = {
  TopUp: 'a top up request',
  Create: 'a create canister request',
  Mint: 'a mint request',
  Refund: 'an automatic refund',
};

const TAGS = { 'top-up': 'TopUp', create: 'Create', mint: 'Mint' } as const;

export type Claim =
  | { readonly kind: 'claimed' }
  | { readonly kind: 'answered'; readonly result: NotifyResult<unknown> };

/** Which payments have been used. One block is processed once, whatever it is claimed for. */
export class Notifications {
  readonly #finished = new Map<bigint, Notification>();
  readonly #processing = new Set<bigint>();
  /** Blocks up to this one are forgotten and refused. Block 0 never pays for anything. */
  #lastPurged = 0n;

  /** Reserves a payment, or gives the answer it already has. */
  claim(blockIndex: bigint, intent: Intent): Claim {
    this.#purge();
    if (blockIndex <= this.#lastPurged) {
      return answered({ Err: { TransactionTooOld: this.#lastPurged + 1n } });
    }
    if (this.#processing.has(blockIndex)) return answered({ Err: { Processing: null } });
    const finished = this.#finished.get(blockIndex);
    if (finished === undefined) {
      this.#processing.add(blockIndex);
      return { kind: 'claimed' };
    }
    const [tag, result] = Object.entries(finished)[0] ?? [];
    if (tag === TAGS[intent]) return answered(result as NotifyResult<unknown>);
    const reason = `The same payment is already processed as ${ALREADY[tag ?? ''] ?? 'another'}.`;
    return answered({ Err: { InvalidTransaction: reason } });
  }

  /** An automatic refund made earlier for this payment, with the block that holds it. */
  refundOf(blockIndex: bigint): Opt<Opt<bigint>> {
    const finished = this.#finished.get(blockIndex);
    return finished !== undefined && 'Refund' in finished ? [finished.Refund] : [];
  }

  finish(blockIndex: bigint, notification: Notification): void {
    this.#processing.delete(blockIndex);
    this.#finished.set(blockIndex, notification);
  }

  /** Gives the payment free again after an error that may pass. */
  release(blockIndex: bigint): void {
    this.#processing.delete(blockIndex);
  }

  save(): NotificationsValue {
    return {
      lastPurged: this.#lastPurged,
      finished: [...this.#finished].sort(([a], [b]) => (a < b ? -1 : 1)),
    };
  }

  load(value: NotificationsValue): void {
    this.#lastPurged = value.lastPurged;
    this.#processing.clear();
    this.#finished.clear();
    for (const [blockIndex, notification] of value.finished) {
      this.#finished.set(blockIndex, notification);
    }
  }

  #purge(): void {
    while (this.#finished.size > HISTORY_MAX) {
      const oldest = [...this.#finished.keys()].reduce((a, b) => (a < b ? a : b));
      this.#finished.delete(oldest);
      this.#lastPurged = oldest;
    }
  }
}

function answered(result: NotifyResult<unknown>): Claim {
  return { kind: 'answered', result };
}
