import { payWhyNot } from '../services/token-amount.service.ts';
import type { Actors } from './actors.api.ts';
import { readAllowance, readBalance, type Allowance } from './ledger.api.ts';
import { okOf } from './refusal.ts';
import { readTokens, type RatedToken, type Token } from './token.api.ts';
import type { Treasury } from './wire.ts';

/** What somebody holds of a token; a ledger that does not answer keeps the others from nothing. */
export interface Holding extends RatedToken {
  /** Undefined while the ledger does not answer. */
  readonly balance: bigint | undefined;
}

/** Why so many dollars × 10^8 cannot be paid in a token, as far as it can be told before asking. */
export function holdingWhyNot(
  { token, price }: RatedToken,
  totalUsdE8: bigint | undefined,
): string | undefined {
  const usdE8 = price.kind === 'known' ? price.rate.usdE8 : undefined;
  return payWhyNot({ token, usdE8, totalUsdE8 });
}

/** A token with what the treasury may take of it now. */
export interface Allowed {
  readonly token: Token;
  readonly allowance: Allowance;
}

export interface PayoutPage {
  readonly rows: readonly Treasury.Payout[];
  readonly next: bigint | undefined;
}

/** The caller's wallet: every token of the treasury, in its order. */
export async function readHoldings(actors: Actors): Promise<readonly Holding[]> {
  const tokens = await readTokens(actors);
  const balances = await Promise.allSettled(
    tokens.map(({ token }) => readBalance(actors, token.ledger)),
  );
  const holdings = tokens.map((token, index) => {
    const balance = balances[index];
    return { ...token, balance: balance?.status === 'fulfilled' ? balance.value : undefined };
  });
  const [first] = balances;
  if (first?.status === 'rejected' && holdings.every(({ balance }) => balance === undefined)) {
    throw first.reason;
  }
  return holdings;
}

/** Tokens of which the treasury may take something of the caller's, now. */
export async function readAllowed(
  actors: Actors,
  asked: { readonly tokens: readonly Token[]; readonly nowNs: bigint },
): Promise<readonly Allowed[]> {
  const spender = okOf(await actors.rental.settings()).treasury;
  const all = await Promise.all(
    asked.tokens.map(async (token) => ({
      token,
      allowance: await readAllowance(actors, { ledger: token.ledger, spender }),
    })),
  );
  return all.filter(
    ({ allowance: { amount, expiresAtNs } }) =>
      amount > 0n && (expiresAtNs === undefined || expiresAtNs > asked.nowNs),
  );
}

/** Refunds and earnings of the caller, the newest first. */
export async function listPayouts(
  { treasury }: Pick<Actors, 'treasury'>,
  page: { readonly from: bigint | undefined; readonly limit: number },
): Promise<PayoutPage> {
  const { from, limit } = page;
  const start: [] | [bigint] = from === undefined ? [] : [from];
  const { rows, next } = okOf(
    await treasury.my_payouts({ from: start, limit, newest_first: true }),
  );
  return { rows: rows.map(({ value }) => value), next: next[0] };
}
