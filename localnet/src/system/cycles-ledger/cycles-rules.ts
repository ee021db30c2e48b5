import { trap } from '../native-trap.ts';
import { accountText, type Account } from '../ledger/core/account.ts';
import {
  ledgerError,
  PERMITTED_DRIFT_NS,
  TRANSACTION_WINDOW_NS,
  type LedgerError,
  type LedgerResult,
} from '../ledger/core/apply-transaction.ts';
import type { Allowance, AllowancePair } from '../ledger/core/allowances.ts';
import type { LedgerState } from '../ledger/core/ledger-state.ts';
import type { Transaction } from '../ledger/core/transaction.ts';
import type { ApproveRequest, TransferRequest } from '../ledger/suite-rules.ts';
import { MANAGEMENT_ID } from '../system-ids.ts';

/** What every block costs. Source: dfinity/cycles-ledger config.rs. */
export const CYCLES_LEDGER_FEE = 100_000_000n;
export const CYCLES_MEMO_BYTES_MAX = 32;
const MAX_CYCLES = (1n << 128n) - 1n;

/** Codes of GenericError. Source: dfinity/cycles-ledger storage.rs. */
const GENERIC = { deniedOwner: 100_001n, zeroAmount: 100_002n, expiredApproval: 100_003n } as const;

type State = LedgerState<Account>;

/**
 * icrc1_transfer and icrc2_transfer_from. Unlike the ICRC-1 ledger, replay is looked at first and
 * the creation time last. Source: dfinity/cycles-ledger storage.rs, `transfer`.
 */
export function transfer(
  state: State,
  request: TransferRequest<Account>,
  nowNs: bigint,
): LedgerResult {
  const { from, to, spender, amount, fee } = request;
  if (amount > MAX_CYCLES) return insufficientFunds(state, from);
  if (fee !== undefined && fee > MAX_CYCLES) return badFee();
  const transaction = transactionOf(request, {
    kind: 'transfer',
    ...{ from, to, spender, amount, fee },
  });
  const needed = amount + CYCLES_LEDGER_FEE;
  const refusal =
    checkReplay(state, transaction) ??
    checkOwners([from, to, ...(spender === undefined ? [] : [spender])], 'transactions') ??
    checkFee(fee) ??
    checkAllowance(state, { from, spender, needed }, nowNs) ??
    checkFunds(state, from, needed) ??
    checkTransaction(transaction, nowNs);
  if (refusal !== undefined) return ledgerError(refusal);

  const effectiveFee = fee === undefined ? CYCLES_LEDGER_FEE : undefined;
  const blockIndex = commit(state, transaction, { nowNs, effectiveFee });
  useAllowance(state, { from, spender, needed });
  const fromKey = state.format.keyOf(from);
  state.balances.burn(fromKey, CYCLES_LEDGER_FEE);
  state.balances.move({ from: fromKey, to: state.format.keyOf(to), amount });
  prune(state, nowNs);
  return { kind: 'ok', blockIndex };
}

/** icrc2_approve. Source: dfinity/cycles-ledger storage.rs, `approve`. */
export function approve(
  state: State,
  request: ApproveRequest<Account>,
  nowNs: bigint,
): LedgerResult {
  const { from, spender, expectedAllowance, expiresAtNs, fee } = request;
  const amount = request.amount > MAX_CYCLES ? MAX_CYCLES : request.amount;
  const pair = pairOf(state, from, spender);
  const transaction = transactionOf(request, {
    kind: 'approve',
    ...{ from, spender, amount, expectedAllowance, expiresAtNs, fee },
  });
  const replay = checkReplay(state, transaction);
  if (replay !== undefined) return ledgerError(replay);
  if (from.owner.compareTo(spender.owner) === 'eq') trap('self approval is not allowed');
  const refusal =
    checkOwners([from, spender], 'approvals') ??
    checkExpected(currentAllowance(state, pair, nowNs).amount, expectedAllowance) ??
    checkFee(fee) ??
    checkFunds(state, from, CYCLES_LEDGER_FEE) ??
    checkExpiry(expiresAtNs, nowNs) ??
    checkTransaction(transaction, nowNs);
  if (refusal !== undefined) return ledgerError(refusal);

  const effectiveFee = fee === undefined ? CYCLES_LEDGER_FEE : undefined;
  const blockIndex = commit(state, transaction, { nowNs, effectiveFee });
  state.allowances.set({ ...pair, amount, expiresAtNs });
  state.balances.burn(state.format.keyOf(from), CYCLES_LEDGER_FEE);
  prune(state, nowNs);
  return { kind: 'ok', blockIndex };
}

/** Cycles leaving the ledger: burned with a fee before they are paid out. */
export interface BurnRequest {
  readonly from: Account;
  readonly spender: Account | undefined;
  readonly amount: bigint;
  readonly createdAtNs: bigint | undefined;
  readonly memo: Uint8Array;
}

export function burn(state: State, request: BurnRequest, nowNs: bigint): LedgerResult {
  const { from, spender, amount } = request;
  if (amount > MAX_CYCLES) return insufficientFunds(state, from);
  const transaction = transactionOf(request, { kind: 'burn', from, spender, amount });
  const needed = amount + CYCLES_LEDGER_FEE;
  const refusal =
    checkReplay(state, transaction) ??
    checkAllowance(state, { from, spender, needed }, nowNs, 'as-insufficient') ??
    checkFunds(state, from, needed) ??
    checkTransaction(transaction, nowNs);
  if (refusal !== undefined) return ledgerError(refusal);

  const blockIndex = commit(state, transaction, { nowNs, effectiveFee: CYCLES_LEDGER_FEE });
  useAllowance(state, { from, spender, needed });
  state.balances.burn(state.format.keyOf(from), needed);
  prune(state, nowNs);
  return { kind: 'ok', blockIndex };
}

/** Mints deposited or refunded cycles; `fee` is what the deposit cost, for the record. */
export function mint(
  state: State,
  request: {
    readonly to: Account;
    readonly amount: bigint;
    readonly fee: bigint;
    readonly memo: Uint8Array | undefined;
  },
  nowNs: bigint,
): number {
  const { to, amount, fee, memo } = request;
  const transaction = transactionOf(
    { createdAtNs: undefined, memo },
    {
      kind: 'mint',
      ...{ to, amount, fee },
    },
  );
  const blockIndex = commit(state, transaction, { nowNs, effectiveFee: 0n });
  state.balances.mint(state.format.keyOf(to), amount);
  prune(state, nowNs);
  return blockIndex;
}

/** The allowance as icrc2_allowance shows it: still at the very instant it expires. */
export function currentAllowance(state: State, pair: AllowancePair, nowNs: bigint): Allowance {
  const entry = state.allowances.stored(pair);
  const isGone =
    entry === undefined || (entry.expiresAtNs !== undefined && entry.expiresAtNs < nowNs);
  return isGone ? { amount: 0n, expiresAtNs: undefined } : entry;
}

export function pairOf(state: State, from: Account, spender: Account): AllowancePair {
  return { from: state.format.keyOf(from), spender: state.format.keyOf(spender) };
}

function transactionOf(
  request: { readonly createdAtNs: bigint | undefined; readonly memo: Uint8Array | undefined },
  operation: Transaction<Account>['operation'],
): Transaction<Account> {
  return { operation, createdAtNs: request.createdAtNs, memo: request.memo, numericMemo: 0n };
}

function commit(
  state: State,
  transaction: Transaction<Account>,
  block: { readonly nowNs: bigint; readonly effectiveFee: bigint | undefined },
): number {
  const blockIndex = state.appendBlock(transaction, block);
  if (transaction.createdAtNs !== undefined) {
    state.replays.remember({
      id: state.format.transactionId(transaction),
      blockIndex,
      keepUntilNs: transaction.createdAtNs + TRANSACTION_WINDOW_NS + PERMITTED_DRIFT_NS,
    });
  }
  return blockIndex;
}

function prune(state: State, nowNs: bigint): void {
  state.allowances.prune(nowNs);
  state.replays.prune(nowNs);
}

function checkReplay(state: State, transaction: Transaction<Account>): LedgerError | undefined {
  if (transaction.createdAtNs === undefined) return undefined;
  const duplicateOf = state.replays.find(state.format.transactionId(transaction));
  return duplicateOf === undefined ? undefined : { kind: 'duplicate', duplicateOf };
}

function checkOwners(accounts: readonly Account[], what: string): LedgerError | undefined {
  const denied = accounts.find((account) => account.owner.compareTo(MANAGEMENT_ID) === 'eq');
  if (denied === undefined) return undefined;
  const message = `Owner of the account ${accountText(denied)} cannot be part of ${what}`;
  return { kind: 'generic', code: GENERIC.deniedOwner, message };
}

function checkFee(fee: bigint | undefined): LedgerError | undefined {
  return fee === undefined || fee === CYCLES_LEDGER_FEE
    ? undefined
    : { kind: 'bad-fee', expectedFee: CYCLES_LEDGER_FEE };
}

interface AllowanceUse {
  readonly from: Account;
  readonly spender: Account | undefined;
  readonly needed: bigint;
}

function checkAllowance(
  state: State,
  use: AllowanceUse,
  nowNs: bigint,
  expiredAs: 'own-error' | 'as-insufficient' = 'own-error',
): LedgerError | undefined {
  const pair = otherSpender(state, use);
  if (pair === undefined) return undefined;
  const entry = state.allowances.stored(pair);
  if (entry?.expiresAtNs !== undefined && entry.expiresAtNs <= nowNs) {
    return expiredAs === 'as-insufficient'
      ? { kind: 'insufficient-allowance', allowance: 0n }
      : { kind: 'generic', code: GENERIC.expiredApproval, message: 'Approval has expired' };
  }
  const allowance = entry?.amount ?? 0n;
  return allowance < use.needed ? { kind: 'insufficient-allowance', allowance } : undefined;
}

function useAllowance(state: State, use: AllowanceUse): void {
  const pair = otherSpender(state, use);
  if (pair !== undefined) state.allowances.use(pair, use.needed);
}

function otherSpender(state: State, use: AllowanceUse): AllowancePair | undefined {
  if (use.spender === undefined) return undefined;
  const pair = pairOf(state, use.from, use.spender);
  return pair.from === pair.spender ? undefined : pair;
}

function checkFunds(state: State, from: Account, needed: bigint): LedgerError | undefined {
  const balance = state.balanceOf(from);
  return balance < needed ? { kind: 'insufficient-funds', balance } : undefined;
}

function checkExpected(
  currentAllowance: bigint,
  expected: bigint | undefined,
): LedgerError | undefined {
  return expected === undefined || expected === currentAllowance
    ? undefined
    : { kind: 'allowance-changed', currentAllowance };
}

function checkExpiry(expiresAtNs: bigint | undefined, nowNs: bigint): LedgerError | undefined {
  return expiresAtNs !== undefined && expiresAtNs <= nowNs
    ? { kind: 'expired', ledgerTimeNs: nowNs }
    : undefined;
}

function checkTransaction(
  transaction: Transaction<Account>,
  nowNs: bigint,
): LedgerError | undefined {
  const { memo, createdAtNs } = transaction;
  if (memo !== undefined && memo.length > CYCLES_MEMO_BYTES_MAX) {
    trap(`memo length exceeds the maximum of ${CYCLES_MEMO_BYTES_MAX} bytes`);
  }
  if (createdAtNs === undefined) return undefined;
  if (createdAtNs + TRANSACTION_WINDOW_NS + PERMITTED_DRIFT_NS < nowNs) return { kind: 'too-old' };
  return createdAtNs > nowNs + PERMITTED_DRIFT_NS
    ? { kind: 'created-in-future', ledgerTimeNs: nowNs }
    : undefined;
}

function insufficientFunds(state: State, from: Account): LedgerResult {
  return ledgerError({ kind: 'insufficient-funds', balance: state.balanceOf(from) });
}

function badFee(): LedgerResult {
  return ledgerError({ kind: 'bad-fee', expectedFee: CYCLES_LEDGER_FEE });
}

export function zeroAmount(what: string): LedgerError {
  return {
    kind: 'generic',
    code: GENERIC.zeroAmount,
    message: `${what} of 0 cycles is not possible`,
  };
}
