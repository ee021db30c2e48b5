import type { Principal } from '@dfinity/principal';
import type { Account } from '../account.ts';
import type { FrozenArgs, Transfer } from './transfer.ts';

/** An account as blocks write it. */
export interface BlockAccount {
  readonly owner: Uint8Array;
  readonly subaccount: Uint8Array | undefined;
}

/** What this canister reads of a block. Absent is what the block does not have. */
export interface LedgerBlock {
  readonly index: bigint;
  readonly kind: 'transfer' | 'burn' | 'other';
  readonly timestampNs: bigint | undefined;
  readonly from: BlockAccount | undefined;
  readonly to: BlockAccount | undefined;
  readonly amount: bigint | undefined;
  readonly memo: Uint8Array | undefined;
}

/**
 * Whether a block is the given generation of a transfer.
 *
 * - `match`: source, memo, receiver and amount are its own.
 * - `conflict`: it left our account with our memo, and is not what was asked for. Only a ledger that
 *   writes wrong blocks does that.
 * - `other`: everything else. The memo alone proves nothing, everybody can compute it; that it left
 *   an account of which only this canister can send does. For a deposit the amount in the escrow's
 *   account, sent by the payer with this memo, is what counts.
 */
export function compareBlock(
  transfer: Transfer,
  args: FrozenArgs,
  block: LedgerBlock,
): 'match' | 'conflict' | 'other' {
  if (block.kind === 'other' || block.memo === undefined || block.from === undefined) {
    return 'other';
  }
  if (!areEqual(block.memo, args.memo) || !isAccount(block.from, transfer.from)) return 'other';
  if (block.amount === args.amount && isReceived(transfer, block)) return 'match';
  return transfer.purpose.kind === 'deposit' ? 'other' : 'conflict';
}

/** What is sent to the minting account is burned: that block names no receiver. */
function isReceived(transfer: Transfer, block: LedgerBlock): boolean {
  if (block.kind === 'burn') return transfer.purpose.kind !== 'deposit';
  return block.to !== undefined && isAccount(block.to, transfer.to);
}

function isAccount(block: BlockAccount, account: Account): boolean {
  const { subaccount } = block;
  return isOwner(account.owner, block.owner) && isSubaccount(subaccount, account.subaccount);
}

function isOwner(principal: Principal, bytes: Uint8Array): boolean {
  return areEqual(principal.toUint8Array(), bytes);
}

/** No subaccount and 32 zeros are the same. */
function isSubaccount(a: Uint8Array | undefined, b: Uint8Array | undefined): boolean {
  if (a === undefined) return b?.every((byte) => byte === 0) ?? true;
  return b === undefined ? a.every((byte) => byte === 0) : areEqual(a, b);
}

function areEqual(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}
