import { trap } from '../native-trap.ts';
import {
  applyTransaction,
  ledgerError,
  type ApplyOptions,
  type LedgerResult,
} from './core/apply-transaction.ts';
import type { LedgerState } from './core/ledger-state.ts';
import type { Operation } from './core/transaction.ts';

/** What the ICP ledger and the ICRC-1 ledgers do alike, and where they differ. */
export interface SuiteRules<A> {
  readonly state: LedgerState<A>;
  readonly mintingAccount: A;
  readonly fee: bigint;
  /** The largest amount the ledger can hold. */
  readonly maxTokens: bigint;
  readonly maxMemoBytes: number;
  /**
   * Whether a block names the fee only when the caller did, so that `fee = null` and an explicit
   * fee are different transactions (ICRC-1), or always (ICP).
   */
  readonly writesFee: 'as-given' | 'always';
}

export interface TransferRequest<A> {
  readonly from: A;
  readonly to: A;
  readonly spender: A | undefined;
  readonly amount: bigint;
  readonly fee: bigint | undefined;
  readonly memo: Uint8Array | undefined;
  readonly createdAtNs: bigint | undefined;
}

export interface ApproveRequest<A> {
  readonly from: A;
  readonly spender: A;
  readonly amount: bigint;
  readonly expectedAllowance: bigint | undefined;
  readonly expiresAtNs: bigint | undefined;
  readonly fee: bigint | undefined;
  readonly memo: Uint8Array | undefined;
  readonly createdAtNs: bigint | undefined;
}

/**
 * icrc1_transfer and icrc2_transfer_from: a transfer to the minting account burns, one from it
 * mints. A wrong fee is told before anything else, even for a transfer that already happened.
 */
export function transfer<A>(
  rules: SuiteRules<A>,
  request: TransferRequest<A>,
  nowNs: bigint,
): LedgerResult {
  checkMemo(rules, request.memo);
  const balance = rules.state.balanceOf(request.from);
  if (request.amount > rules.maxTokens) return ledgerError({ kind: 'insufficient-funds', balance });
  const keyOf = (account: A): string => rules.state.format.keyOf(account);
  const mintingKey = keyOf(rules.mintingAccount);
  if (keyOf(request.to) === mintingKey) return burn(rules, request, nowNs);
  if (keyOf(request.from) === mintingKey) return mint(rules, request, nowNs);

  const badFee = checkFee(request.fee, rules.fee);
  if (badFee !== undefined) return badFee;
  const { from, to, spender, amount } = request;
  const fee = writtenFee(rules, request.fee);
  return apply(rules, request, {
    operation: { kind: 'transfer', from, to, spender, amount, fee },
    options: { nowNs, fee: rules.fee },
  });
}

/** icrc2_approve: replaces the allowance, for the price of a transfer. */
export function approve<A>(
  rules: SuiteRules<A>,
  request: ApproveRequest<A>,
  nowNs: bigint,
): LedgerResult {
  const { from, spender, expectedAllowance, expiresAtNs } = request;
  const { state } = rules;
  const fromKey = state.format.keyOf(from);
  if (fromKey === state.format.keyOf(rules.mintingAccount)) {
    trap('the minting account cannot delegate mints');
  }
  checkMemo(rules, request.memo);
  if (expectedAllowance !== undefined && expectedAllowance > rules.maxTokens) {
    const pair = { from: fromKey, spender: state.format.keyOf(spender) };
    const currentAllowance = state.allowances.usable(pair, nowNs).amount;
    return ledgerError({ kind: 'allowance-changed', currentAllowance });
  }
  const badFee = checkFee(request.fee, rules.fee);
  if (badFee !== undefined) return badFee;
  const amount = request.amount > rules.maxTokens ? rules.maxTokens : request.amount;
  const fee = writtenFee(rules, request.fee);
  return apply(rules, request, {
    operation: { kind: 'approve', from, spender, amount, expectedAllowance, expiresAtNs, fee },
    options: { nowNs, fee: rules.fee },
  });
}

function burn<A>(rules: SuiteRules<A>, request: TransferRequest<A>, nowNs: bigint): LedgerResult {
  const badFee = checkFee(request.fee, 0n);
  if (badFee !== undefined) return badFee;
  const { from, spender, amount } = request;
  const balance = rules.state.balanceOf(from);
  const minBurnAmount = balance < rules.fee ? balance : rules.fee;
  if (amount < minBurnAmount) return ledgerError({ kind: 'bad-burn', minBurnAmount });
  if (amount === 0n) return ledgerError({ kind: 'bad-burn', minBurnAmount: rules.fee });
  return apply(rules, request, {
    operation: { kind: 'burn', from, spender, amount },
    options: { nowNs, fee: 0n },
  });
}

function mint<A>(rules: SuiteRules<A>, request: TransferRequest<A>, nowNs: bigint): LedgerResult {
  if (request.spender !== undefined) trap('the minter account cannot delegate mints');
  const badFee = checkFee(request.fee, 0n);
  if (badFee !== undefined) return badFee;
  if (rules.state.balances.totalSupply + request.amount > rules.maxTokens) {
    trap('total token supply exceeded');
  }
  return apply(rules, request, {
    operation: { kind: 'mint', to: request.to, amount: request.amount, fee: undefined },
    options: { nowNs, fee: 0n },
  });
}

function apply<A>(
  rules: SuiteRules<A>,
  request: { readonly memo: Uint8Array | undefined; readonly createdAtNs: bigint | undefined },
  step: { readonly operation: Operation<A>; readonly options: ApplyOptions },
): LedgerResult {
  const { memo, createdAtNs } = request;
  const transaction = { operation: step.operation, createdAtNs, memo, numericMemo: 0n };
  return applyTransaction(rules.state, transaction, step.options);
}

function checkMemo<A>(rules: SuiteRules<A>, memo: Uint8Array | undefined): void {
  if (memo !== undefined && memo.length > rules.maxMemoBytes) {
    trap(
      `the memo field size of ${memo.length} bytes is above the allowed limit of ` +
        `${rules.maxMemoBytes} bytes`,
    );
  }
}

function checkFee(given: bigint | undefined, expectedFee: bigint): LedgerResult | undefined {
  return given === undefined || given === expectedFee
    ? undefined
    : ledgerError({ kind: 'bad-fee', expectedFee });
}

function writtenFee<A>(rules: SuiteRules<A>, given: bigint | undefined): bigint | undefined {
  return rules.writesFee === 'always' || given !== undefined ? rules.fee : undefined;
}
