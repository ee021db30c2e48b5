import { IDL } from '@dfinity/candid';
import type { Principal } from '@dfinity/principal';
import { codecOf } from '@decent-cloud/kit/candid/codec-cache.ts';
import type { CallRequest } from '@decent-cloud/kit/runtime/runtime.port.ts';
import {
  BlockRangesType,
  BlocksResultType,
  TransferArgType,
  TransferFromArgType,
  TransferResultType,
  WireAccountType,
} from '../flows/ledger/ledger-types.ts';
import type {
  WireAccount,
  WireRange,
  WireTransferResult,
  WireValue,
} from '../flows/ledger/ledger-types.ts';
import { hex, keyOf, writtenBlock, type Movement, type WireTransfer } from './model-block.fake.ts';

const HOUR_NS = 3_600_000_000_000n;
const WINDOW_NS = 24n * HOUR_NS;
const DRIFT_NS = 60_000_000_000n;
const MAX_MEMO_BYTES = 32;
const PAGE_BLOCKS = 100n;

/** A transaction as the ledger wrote it down. */
export interface ModelBlock {
  readonly timestampNs: bigint;
  readonly from: string;
  readonly to: string;
  readonly amount: bigint;
  readonly fee: bigint;
  readonly memo: string;
  readonly value: WireValue;
}

type TransferArg = WireTransfer & { readonly from_subaccount: [] | [Uint8Array] };
type TransferFromArg = WireTransfer & { readonly from: WireAccount };
type Refusal = Extract<WireTransferResult, { readonly Err: unknown }>;

/** What a call that the ledger cannot process ends with. */
export class ModelTrap extends Error {}

/**
 * An ICRC-1, -2 and -3 ledger in memory that is called in Candid. Where wallets and payers trip it is as
 * strict as the reference ledger: the fee is checked before the replay, the window is 24 h to the
 * nanosecond, clocks may be 60 s ahead, and with or without the fee named are two transactions.
 */
export class ModelLedger {
  readonly id: Principal;
  readonly archiveId: Principal;
  /** Whether blocks carry `btype` or, as older ones, the operation in `tx`. */
  readonly blockForm: 'btype' | 'op';
  fee: bigint;
  readonly blocks: ModelBlock[] = [];
  /** Blocks before this one are in the archive only. */
  archivedBelow = 0;
  mintingAccount = '';
  readonly #balances = new Map<string, bigint>();
  readonly #allowances = new Map<string, bigint>();
  readonly #seen = new Map<string, bigint>();

  constructor(options: {
    readonly id: Principal;
    readonly archiveId: Principal;
    readonly fee: bigint;
    readonly blockForm: 'btype' | 'op';
  }) {
    this.id = options.id;
    this.archiveId = options.archiveId;
    this.fee = options.fee;
    this.blockForm = options.blockForm;
  }

  /** Processes one call as a whole. Throws `ModelTrap`, having changed nothing. */
  handle(request: CallRequest, call: { readonly caller: Principal; readonly nowNs: bigint }) {
    const { method, arg } = request;
    switch (method) {
      case 'icrc1_transfer':
        return this.#reply(this.#transfer(decode(TransferArgType, arg) as TransferArg, call));
      case 'icrc2_transfer_from':
        return this.#reply(
          this.#transferFrom(decode(TransferFromArgType, arg) as TransferFromArg, call),
        );
      case 'icrc1_balance_of':
        return encode(IDL.Nat, this.balanceOf(keyOf(decode(WireAccountType, arg) as WireAccount)));
      case 'icrc1_fee':
        return encode(IDL.Nat, this.fee);
      case 'icrc3_get_blocks': {
        const isArchive = request.canisterId.compareTo(this.archiveId) === 'eq';
        const ranges = decode(BlockRangesType, arg) as WireRange[];
        return encode(BlocksResultType, isArchive ? this.#archived(ranges) : this.#page(ranges));
      }
      default:
        throw new ModelTrap(`no method ${method}`);
    }
  }

  /** What the ledger answers when it does not want to, having done nothing. */
  busyReply(isGeneric: boolean): Uint8Array {
    if (!isGeneric) return this.#reply({ Err: { TemporarilyUnavailable: null } });
    return this.#reply({ Err: { GenericError: { error_code: 7n, message: 'not today' } } });
  }

  balanceOf(key: string): bigint {
    return this.#balances.get(key) ?? 0n;
  }

  /** Tokens from nowhere, in a block of their own as a real donation is. */
  mint(key: string, amount: bigint, nowNs: bigint): void {
    this.#move(key, amount);
    const value = { Map: [['ts', { Nat: nowNs }]] } satisfies WireValue;
    const nobody = { from: '', memo: '', fee: 0n };
    this.blocks.push({ timestampNs: nowNs, to: key, amount, value, ...nobody });
  }

  approve(approval: {
    readonly from: string;
    readonly spender: Principal;
    readonly amount: bigint;
  }): void {
    const spender = keyOf({ owner: approval.spender, subaccount: [] });
    this.#allowances.set(`${approval.from}>${spender}`, approval.amount);
  }

  #reply(result: WireTransferResult): Uint8Array {
    return encode(TransferResultType, result);
  }

  #transfer(
    arg: TransferArg,
    call: { readonly caller: Principal; readonly nowNs: bigint },
  ): WireTransferResult {
    const from = { owner: call.caller, subaccount: arg.from_subaccount };
    return this.#execute({ ...arg, from, spender: undefined }, call.nowNs);
  }

  #transferFrom(
    arg: TransferFromArg,
    call: { readonly caller: Principal; readonly nowNs: bigint },
  ): WireTransferResult {
    return this.#execute({ ...arg, spender: { owner: call.caller, subaccount: [] } }, call.nowNs);
  }

  #execute(movement: Movement, nowNs: bigint): WireTransferResult {
    const [memo] = movement.memo;
    if (memo !== undefined && memo.length > MAX_MEMO_BYTES) throw new ModelTrap('memo too long');
    const isBurn = keyOf(movement.to) === this.mintingAccount;
    const fee = isBurn ? 0n : this.fee;
    const refusal =
      this.#checkFee(movement, fee) ??
      this.#checkReplay(movement, nowNs) ??
      this.#checkFunds(movement, fee);
    if (refusal !== undefined) return refusal;
    const from = keyOf(movement.from);
    const to = keyOf(movement.to);
    this.#move(from, -(movement.amount + fee));
    if (!isBurn) this.#move(to, movement.amount);
    this.#useAllowance(movement, movement.amount + fee);
    const block = BigInt(this.blocks.length);
    this.#seen.set(replayKey(movement), block);
    const value = writtenBlock(movement, { nowNs, isBurn, form: this.blockForm });
    const { amount } = movement;
    const written = { from, to, amount, fee, memo: hex(memo ?? new Uint8Array()) };
    this.blocks.push({ timestampNs: nowNs, ...written, value });
    return { Ok: block };
  }

  #checkFee({ fee: [given] }: Movement, expected: bigint): Refusal | undefined {
    if (given === undefined || given === expected) return undefined;
    return { Err: { BadFee: { expected_fee: expected } } };
  }

  #checkReplay(movement: Movement, nowNs: bigint): Refusal | undefined {
    const [createdAt] = movement.created_at_time;
    if (createdAt === undefined) return undefined;
    if (createdAt + WINDOW_NS < nowNs) return { Err: { TooOld: null } };
    if (createdAt > nowNs + DRIFT_NS) return { Err: { CreatedInFuture: { ledger_time: nowNs } } };
    const duplicate_of = this.#seen.get(replayKey(movement));
    return duplicate_of === undefined ? undefined : { Err: { Duplicate: { duplicate_of } } };
  }

  #checkFunds(movement: Movement, fee: bigint): Refusal | undefined {
    const needed = movement.amount + fee;
    if (movement.spender !== undefined) {
      const allowance = this.#allowances.get(allowanceKey(movement)) ?? 0n;
      if (allowance < needed) return { Err: { InsufficientAllowance: { allowance } } };
    }
    const balance = this.balanceOf(keyOf(movement.from));
    return balance < needed ? { Err: { InsufficientFunds: { balance } } } : undefined;
  }

  #useAllowance(movement: Movement, used: bigint): void {
    if (movement.spender === undefined) return;
    const key = allowanceKey(movement);
    this.#allowances.set(key, (this.#allowances.get(key) ?? 0n) - used);
  }

  #move(key: string, change: bigint): void {
    this.#balances.set(key, this.balanceOf(key) + change);
  }

  #page(ranges: readonly WireRange[]) {
    const log_length = BigInt(this.blocks.length);
    const [range] = ranges;
    if (range === undefined) return { log_length, blocks: [], archived_blocks: [] };
    const end = minOf(range.start + minOf(range.length, PAGE_BLOCKS), log_length);
    const localFrom = BigInt(this.archivedBelow);
    const local = { start: maxOf(range.start, localFrom), end };
    const archivedEnd = minOf(end, localFrom);
    const args = [{ start: range.start, length: archivedEnd - range.start }];
    const callback = [this.archiveId, 'icrc3_get_blocks'] as const;
    const archived_blocks = range.start < archivedEnd ? [{ args, callback }] : [];
    return { log_length, blocks: this.#slice(local), archived_blocks };
  }

  #archived(ranges: readonly WireRange[]) {
    const log_length = BigInt(this.archivedBelow);
    const blocks = ranges.flatMap(({ start, length }) =>
      this.#slice({ start, end: minOf(start + length, log_length) }),
    );
    return { log_length, blocks, archived_blocks: [] };
  }

  #slice({ start, end }: { readonly start: bigint; readonly end: bigint }) {
    return this.blocks
      .slice(Number(start), Number(end))
      .map(({ value }, index) => ({ id: start + BigInt(index), block: value }));
  }
}

function allowanceKey({ from, spender }: Movement): string {
  return `${keyOf(from)}>${spender === undefined ? '' : keyOf(spender)}`;
}

function replayKey({ from, to, spender, amount, fee, memo, created_at_time }: Movement): string {
  const parts = [keyOf(from), keyOf(to), spender === undefined ? '' : keyOf(spender)];
  const options = [fee.join(), memo.map(hex).join(), created_at_time.join()];
  return [...parts, amount.toString(), ...options].join('|');
}

function minOf(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}

function maxOf(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}

function encode(type: IDL.Type, value: unknown): Uint8Array {
  return codecOf([type]).encode([value]);
}

function decode(type: IDL.Type, bytes: Uint8Array): unknown {
  return codecOf([type]).decode(bytes)[0];
}
