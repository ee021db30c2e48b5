import { IDL } from '@dfinity/candid';
import { Principal } from '@dfinity/principal';
import { some } from '../core/candid-opt.ts';
import type { Account } from '../system/ledger/core/account.ts';
import { FAULT_SERVICE } from '../system/ledger/faults/fault-service.ts';
import type { FaultyLedger } from '../system/ledger/faults/faulty-ledger.ts';
import type { LedgerFaults } from '../system/ledger/faults/ledger-faults.ts';
import { BLOCKLESS_LEDGER_PROGRAM } from '../system/ledger/icrc/icrc-program.ts';
import { writeAccount, type WireResult } from '../system/ledger/wire/icrc-messages.ts';
import { ICRC_METHODS } from '../system/ledger/wire/icrc-types.ts';
import { readBlocks, readHiddenBlocks, type LedgerBlock } from './ledger-blocks.ts';
import type { PendingCall } from './pending-call.ts';
import type { TypedCall } from './world-calls.ts';
import type { World } from './world.ts';

/** What every transaction may say besides what it does. */
export interface TransactionOptions {
  readonly fee?: bigint;
  readonly memo?: Uint8Array;
  readonly createdAtNs?: bigint;
  /** The sender's subaccount. */
  readonly subaccount?: Uint8Array;
}

export interface TransferOrder extends TransactionOptions {
  readonly to: Account;
  readonly amount: bigint;
}

export interface TransferFromOrder extends TransferOrder {
  readonly from: Account;
}

export interface ApproveOrder extends TransactionOptions {
  readonly spender: Account;
  readonly amount: bigint;
  readonly expectedAllowance?: bigint;
  readonly expiresAtNs?: bigint;
}

const ANYBODY = Principal.anonymous();
const SERVICES: readonly IDL.ServiceClass[] = [IDL.Service(ICRC_METHODS), FAULT_SERVICE];
const FUNCTIONS = new Map(SERVICES.flatMap(({ _fields }) => _fields));

/**
 * An ICRC-1/2 ledger of a world, real or stand-in. Transactions run to their end and give the
 * ledger's own `Ok` or `Err`; a reject throws `RejectedError`. What makes a ledger fail works on
 * stand-ins only.
 */
export class LedgerClient {
  readonly #world: World;
  readonly ledgerId: Principal;

  constructor(world: World, ledgerId: Principal) {
    this.#world = world;
    this.ledgerId = ledgerId;
  }

  transfer(sender: Principal, order: TransferOrder): WireResult {
    return this.#run(this.submitTransfer(sender, order));
  }

  /** Hands a transfer in without running it. */
  submitTransfer(sender: Principal, order: TransferOrder): PendingCall<unknown> {
    return this.#submit(sender, 'icrc1_transfer', {
      from_subaccount: some(order.subaccount),
      to: writeAccount(order.to),
      amount: order.amount,
      ...optionsOf(order),
    });
  }

  transferFrom(sender: Principal, order: TransferFromOrder): WireResult {
    const call = this.#submit(sender, 'icrc2_transfer_from', {
      spender_subaccount: some(order.subaccount),
      from: writeAccount(order.from),
      to: writeAccount(order.to),
      amount: order.amount,
      ...optionsOf(order),
    });
    return this.#run(call);
  }

  approve(sender: Principal, order: ApproveOrder): WireResult {
    const call = this.#submit(sender, 'icrc2_approve', {
      from_subaccount: some(order.subaccount),
      spender: writeAccount(order.spender),
      amount: order.amount,
      expected_allowance: some(order.expectedAllowance),
      expires_at: some(order.expiresAtNs),
      ...optionsOf(order),
    });
    return this.#run(call);
  }

  balanceOf(account: Account): bigint {
    return this.#query('icrc1_balance_of', writeAccount(account)) as bigint;
  }

  allowance(pair: { readonly from: Account; readonly spender: Account }): bigint {
    const arg = { account: writeAccount(pair.from), spender: writeAccount(pair.spender) };
    return (this.#query('icrc2_allowance', arg) as { readonly allowance: bigint }).allowance;
  }

  totalSupply(): bigint {
    return this.#query('icrc1_total_supply') as bigint;
  }

  fee(): bigint {
    return this.#query('icrc1_fee') as bigint;
  }

  /** Every block, archives included, in order; also of a stand-in without ICRC-3. */
  blocks(): readonly LedgerBlock[] {
    const program = this.#world.replica.canister(this.ledgerId)?.program;
    return program?.programId === BLOCKLESS_LEDGER_PROGRAM
      ? readHiddenBlocks(this.#world, this.#standIn())
      : readBlocks(this.#world, this.ledgerId);
  }

  /** The switches that make calls fail. */
  get faults(): LedgerFaults {
    return this.#standIn().faults;
  }

  /** Tokens out of nothing, as a donation; gives the block's index. */
  mint(order: { readonly to: Account; readonly amount: bigint }): bigint {
    const arg = { to: writeAccount(order.to), amount: order.amount };
    return this.#administer('localnet_mint', arg) as bigint;
  }

  /** As a ledger upgrade that changes the fee. */
  setFee(fee: bigint): void {
    this.#administer('localnet_set_fee', fee);
  }

  /** Moves blocks to an archive canister; gives how many moved. */
  archiveNow(options: { readonly keepBlocks?: bigint; readonly isNewArchive?: boolean } = {}) {
    const { keepBlocks = 0n, isNewArchive = true } = options;
    const arg = { keep_blocks: keepBlocks, new_archive: isNewArchive };
    return this.#administer('localnet_archive_now', arg) as bigint;
  }

  #standIn(): FaultyLedger {
    const program = this.#world.replica.canister(this.ledgerId)?.program;
    if (program === undefined || !isFaultyLedger(program)) {
      throw new Error(`${this.ledgerId.toText()} is no stand-in ledger`);
    }
    return program;
  }

  #submit(sender: Principal, method: string, arg: unknown): PendingCall<unknown> {
    return this.#world.caller(sender).submit(this.#callOf(method, [arg]));
  }

  #run(call: PendingCall<unknown>): WireResult {
    return this.#world.complete(call) as WireResult;
  }

  #query(method: string, ...args: unknown[]): unknown {
    return this.#world.caller(ANYBODY).query(this.#callOf(method, args));
  }

  #administer(method: string, arg: unknown): unknown {
    return this.#world.caller(ANYBODY).update(this.#callOf(method, [arg]));
  }

  #callOf(method: string, args: readonly unknown[]): TypedCall {
    const func = FUNCTIONS.get(method);
    if (func === undefined) throw new Error(`BUG: no method ${method}`);
    const { argTypes, retTypes: replyTypes } = func;
    return { canisterId: this.ledgerId, method, argTypes, args, replyTypes };
  }
}

export function ledgerClient(world: World, ledgerId: Principal): LedgerClient {
  return new LedgerClient(world, ledgerId);
}

function isFaultyLedger(program: object): program is FaultyLedger {
  return 'faults' in program && 'log' in program;
}

function optionsOf(order: TransactionOptions) {
  return {
    fee: some(order.fee),
    memo: some(order.memo),
    created_at_time: some(order.createdAtNs),
  };
}
