import type { LedgerState } from './ledger-state.ts';
import type { Operation, Transaction } from './transaction.ts';

const SECOND_NS = 1_000_000_000n;
/** A transaction may be created at most this long ago. */
export const TRANSACTION_WINDOW_NS = 24n * 60n * 60n * SECOND_NS;
/** How far a caller's clock may run ahead of the ledger's. */
export const PERMITTED_DRIFT_NS = 60n * SECOND_NS;

export type LedgerError =
  | { readonly kind: 'bad-fee'; readonly expectedFee: bigint }
  | { readonly kind: 'bad-burn'; readonly minBurnAmount: bigint }
  | { readonly kind: 'insufficient-funds'; readonly balance: bigint }
  | { readonly kind: 'insufficient-allowance'; readonly allowance: bigint }
  | { readonly kind: 'allowance-changed'; readonly currentAllowance: bigint }
  | { readonly kind: 'expired'; readonly ledgerTimeNs: bigint }
  | { readonly kind: 'too-old' }
  | { readonly kind: 'created-in-future'; readonly ledgerTimeNs: bigint }
  | { readonly kind: 'duplicate'; readonly duplicateOf: number }
  | { readonly kind: 'temporarily-unavailable' }
  | { readonly kind: 'generic'; readonly code: bigint; readonly message: string };

export type LedgerResult =
  | { readonly kind: 'ok'; readonly blockIndex: number }
  | { readonly kind: 'error'; readonly error: LedgerError };

export function ledgerError(error: LedgerError): LedgerResult {
  return { kind: 'error', error };
}

export interface ApplyOptions {
  readonly nowNs: bigint;
  /** What a transfer or approval costs. */
  readonly fee: bigint;
}

/**
 * Executes a transaction by the rules that DFINITY's ICP and ICRC-1 ledgers share, or changes
 * nothing and says why. Order matters to callers that retry: age, then replay, then funds.
 * Source: dfinity/ic rs/ledger_suite/common/ledger_canister_core, `apply_transaction`.
 */
export function applyTransaction<A>(
  state: LedgerState<A>,
  transaction: Transaction<A>,
  options: ApplyOptions,
): LedgerResult {
  const { nowNs } = options;
  state.replays.prune(nowNs);
  state.allowances.prune(nowNs);
  const id = state.format.transactionId(transaction);
  const refusal =
    checkReplay(state, { id, createdAtNs: transaction.createdAtNs, nowNs }) ??
    applyOperation(state, transaction.operation, options);
  if (refusal !== undefined) return ledgerError(refusal);

  const blockIndex = state.appendBlock(transaction, {
    nowNs,
    effectiveFee: effectiveFee(transaction.operation, options.fee),
  });
  if (transaction.createdAtNs !== undefined) {
    const keepUntilNs = nowNs + TRANSACTION_WINDOW_NS + PERMITTED_DRIFT_NS;
    state.replays.remember({ id, blockIndex, keepUntilNs });
  }
  return { kind: 'ok', blockIndex };
}

function checkReplay<A>(
  state: LedgerState<A>,
  check: { readonly id: string; readonly createdAtNs: bigint | undefined; readonly nowNs: bigint },
): LedgerError | undefined {
  const { createdAtNs, nowNs } = check;
  if (createdAtNs === undefined) return undefined;
  if (createdAtNs + TRANSACTION_WINDOW_NS < nowNs) return { kind: 'too-old' };
  if (createdAtNs > nowNs + PERMITTED_DRIFT_NS) {
    return { kind: 'created-in-future', ledgerTimeNs: nowNs };
  }
  const duplicateOf = state.replays.find(check.id);
  return duplicateOf === undefined ? undefined : { kind: 'duplicate', duplicateOf };
}

function effectiveFee<A>(operation: Operation<A>, fee: bigint): bigint | undefined {
  if (operation.kind !== 'transfer' && operation.kind !== 'approve') return undefined;
  return operation.fee === undefined ? fee : undefined;
}

function applyOperation<A>(
  state: LedgerState<A>,
  operation: Operation<A>,
  options: ApplyOptions,
): LedgerError | undefined {
  switch (operation.kind) {
    case 'mint':
      state.balances.mint(state.format.keyOf(operation.to), operation.amount);
      return undefined;
    case 'burn':
      return applyBurn(state, operation, options);
    case 'transfer':
      return applyTransfer(state, operation, options);
    case 'approve':
      return applyApprove(state, operation, options);
  }
}

type Case<A, K extends Operation<A>['kind']> = Extract<Operation<A>, { readonly kind: K }>;

function applyBurn<A>(
  state: LedgerState<A>,
  burn: Case<A, 'burn'>,
  options: ApplyOptions,
): LedgerError | undefined {
  const from = state.format.keyOf(burn.from);
  const spender = otherSpender(state, burn);
  const refusal =
    checkAllowance(state, { from, spender, needed: burn.amount }, options.nowNs) ??
    checkFunds(state, from, burn.amount);
  if (refusal !== undefined) return refusal;
  state.balances.burn(from, burn.amount);
  if (spender !== undefined) state.allowances.use({ from, spender }, burn.amount);
  return undefined;
}

function applyTransfer<A>(
  state: LedgerState<A>,
  transfer: Case<A, 'transfer'>,
  options: ApplyOptions,
): LedgerError | undefined {
  const from = state.format.keyOf(transfer.from);
  const spender = otherSpender(state, transfer);
  const fee = transfer.fee ?? options.fee;
  const needed = transfer.amount + fee;
  const refusal =
    checkAllowance(state, { from, spender, needed }, options.nowNs) ??
    checkFunds(state, from, needed);
  if (refusal !== undefined) return refusal;

  const to = state.format.keyOf(transfer.to);
  const collector = state.feeCollector;
  if (collector === undefined) state.balances.burn(from, fee);
  else state.balances.move({ from, to: state.format.keyOf(collector.account), amount: fee });
  state.balances.move({ from, to, amount: transfer.amount });
  if (spender !== undefined) state.allowances.use({ from, spender }, needed);
  return undefined;
}

function applyApprove<A>(
  state: LedgerState<A>,
  approve: Case<A, 'approve'>,
  options: ApplyOptions,
): LedgerError | undefined {
  const { nowNs } = options;
  const from = state.format.keyOf(approve.from);
  const pair = { from, spender: state.format.keyOf(approve.spender) };
  const fee = approve.fee ?? options.fee;
  const { expectedAllowance, expiresAtNs } = approve;
  const refusal = checkFunds(state, from, fee);
  if (refusal !== undefined) return refusal;
  if (expiresAtNs !== undefined && expiresAtNs <= nowNs) {
    return { kind: 'expired', ledgerTimeNs: nowNs };
  }
  const currentAllowance = state.allowances.usable(pair, nowNs).amount;
  if (expectedAllowance !== undefined && expectedAllowance !== currentAllowance) {
    return { kind: 'allowance-changed', currentAllowance };
  }
  state.balances.burn(from, fee);
  state.allowances.set({ ...pair, amount: approve.amount, expiresAtNs });
  return undefined;
}

/** The spender's key, or undefined when the owner spends its own tokens. */
function otherSpender<A>(
  state: LedgerState<A>,
  operation: { readonly from: A; readonly spender: A | undefined },
): string | undefined {
  if (operation.spender === undefined) return undefined;
  const spender = state.format.keyOf(operation.spender);
  return spender === state.format.keyOf(operation.from) ? undefined : spender;
}

function checkAllowance<A>(
  state: LedgerState<A>,
  use: { readonly from: string; readonly spender: string | undefined; readonly needed: bigint },
  nowNs: bigint,
): LedgerError | undefined {
  const { from, spender } = use;
  if (spender === undefined) return undefined;
  const allowance = state.allowances.usable({ from, spender }, nowNs).amount;
  return allowance < use.needed ? { kind: 'insufficient-allowance', allowance } : undefined;
}

function checkFunds<A>(
  state: LedgerState<A>,
  key: string,
  needed: bigint,
): LedgerError | undefined {
  const balance = state.balances.of(key);
  return balance < needed ? { kind: 'insufficient-funds', balance } : undefined;
}
