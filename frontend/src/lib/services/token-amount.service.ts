import { divCeil, divFloor, parseDecimal } from '@decent-cloud/domain/amount.ts';
import { MIN_RELEASE_IN_LEDGER_FEES } from '@decent-cloud/domain/fees.ts';
import { err, ok, type Result } from '@decent-cloud/domain/result.ts';
import { tokenText } from './format.service.ts';

/** A token as people know it. */
export interface TokenName {
  readonly symbol: string;
  readonly decimals: number;
}

/** What is in a wallet, and what a ledger takes for one transfer. */
export interface Spendable extends TokenName {
  readonly balance: bigint;
  readonly fee: bigint;
}

/** What somebody typed as an amount of a token. An error is in words. Never rounds. */
export function parseTokenAmount(text: string, token: TokenName): Result<bigint, string> {
  const typed = text
    .trim()
    .replace(/^\.(?=\d)/, '0.')
    .replace(/(?<=\d)\.$/, '');
  if (typed === '') return err('Type an amount.');
  if (typed.includes(',')) return err('Write it with a point and without commas: 1234.5');
  const parsed = parseDecimal({ text: typed, decimals: token.decimals });
  if (parsed.kind === 'ok') {
    return parsed.value > 0n ? ok(parsed.value) : err('Type an amount above zero.');
  }
  return parsed.error.kind === 'too-many-decimals'
    ? err(`${token.symbol} has at most ${token.decimals} digits after the point.`)
    : err('Type a number, such as 1.5');
}

/** The amount, if it can be sent: with the ledger's fee it is in the wallet. */
export function parseSendAmount(text: string, from: Spendable): Result<bigint, string> {
  const parsed = parseTokenAmount(text, from);
  if (parsed.kind === 'err' || parsed.value + from.fee <= from.balance) return parsed;
  const most = mostToSend(from);
  const { symbol, decimals } = from;
  if (most === 0n) return err(`Your ${symbol} do not cover the ledger’s fee.`);
  return err(
    `With the fee that is more than you have. At most ${tokenText({ amount: most, symbol, decimals })}.`,
  );
}

/** All that can be sent once the ledger's fee is paid. */
export function mostToSend({ balance, fee }: Pick<Spendable, 'balance' | 'fee'>): bigint {
  return balance > fee ? balance - fee : 0n;
}

/** US dollars × 10^8, rounded down. `usdE8` is for one whole token. */
export function usdOf(value: {
  readonly amount: bigint;
  readonly decimals: number;
  readonly usdE8: bigint;
}): bigint {
  return divFloor({
    dividend: value.amount * value.usdE8,
    divisor: 10n ** BigInt(value.decimals),
  });
}

/** The smallest amount of the token that is worth so many dollars, as the treasury computes it. */
export function tokensFor(value: {
  readonly totalUsdE8: bigint;
  readonly decimals: number;
  readonly usdE8: bigint;
}): bigint | undefined {
  if (value.usdE8 <= 0n) return undefined;
  return divCeil({
    dividend: value.totalUsdE8 * 10n ** BigInt(value.decimals),
    divisor: value.usdE8,
  });
}

/** What paying takes out of a wallet. */
export interface Due {
  readonly amount: bigint;
  /** What the treasury is allowed to take: the amount and the fee of taking it. */
  readonly allowance: bigint;
  /** All of it: the ledger takes its fee for the approval too, unless there is one already. */
  readonly needed: bigint;
}

export function dueOf(quote: {
  readonly amount: bigint;
  readonly ledgerFee: bigint;
  readonly allowed: bigint;
}): Due {
  const { amount, ledgerFee, allowed } = quote;
  const allowance = amount + ledgerFee;
  return { amount, allowance, needed: allowed >= allowance ? allowance : allowance + ledgerFee };
}

/** What a token takes for a rental at least: the larger of its own minimum and 20 fees of its ledger. */
export function leastPayment({
  fee,
  minPayout,
}: {
  readonly fee: bigint;
  readonly minPayout: bigint;
}): bigint {
  const byFee = fee * MIN_RELEASE_IN_LEDGER_FEES;
  return byFee > minPayout ? byFee : minPayout;
}

/** Why so many dollars cannot be paid in a token, as far as it can be told before asking. */
export function payWhyNot(payment: {
  readonly token: TokenName & { readonly fee: bigint; readonly minPayout: bigint };
  /** Of one whole token; undefined if there is no price. */
  readonly usdE8: bigint | undefined;
  readonly totalUsdE8: bigint | undefined;
}): string | undefined {
  const { token, usdE8, totalUsdE8 } = payment;
  const { symbol, decimals } = token;
  if (usdE8 === undefined || usdE8 <= 0n) return `${symbol} has no reliable price right now.`;
  if (totalUsdE8 === undefined) return undefined;
  const amount = tokensFor({ totalUsdE8, decimals, usdE8 });
  const least = leastPayment(token);
  if (amount === undefined || amount >= least) return undefined;
  return `In ${symbol} a rental costs at least ${tokenText({ amount: least, symbol, decimals })}: rent longer, or pay with another token.`;
}
