import type { Principal } from '@dfinity/principal';
import { msOfNs } from '../services/format.service.ts';
import type { TokenRate } from '../services/market-rate.service.ts';
import type { Actors } from './actors.api.ts';
import { okOf, Refusal } from './refusal.ts';
import type { Treasury } from './wire.ts';

/** A token that the treasury takes. */
export interface Token {
  readonly ledger: Principal;
  /** The ledger's canister id as text: what tokens are told apart by. */
  readonly id: string;
  readonly symbol: string;
  readonly decimals: number;
  /** What the ledger takes for one transfer. */
  readonly fee: bigint;
  /** Less cannot be paid for a rental: fees would eat too much of it. */
  readonly minPayout: bigint;
  /** A disabled token takes no new payments; what is held in it is still paid out. */
  readonly isEnabled: boolean;
}

/** What a token is worth, or why that is not known. */
export type KnownRate =
  | { readonly kind: 'known'; readonly rate: TokenRate }
  | { readonly kind: 'unknown'; readonly reason: string };

export interface RatedToken {
  readonly token: Token;
  readonly price: KnownRate;
}

const PAGE = 50;

/** Every token of the treasury with its value. A token without a price is there all the same. */
export async function readTokens(
  actors: Pick<Actors, 'treasury' | 'tokenValue'>,
): Promise<readonly RatedToken[]> {
  const tokens = await listTokens(actors);
  return Promise.all(
    tokens.map(async (token) => ({ token, price: await readRate(actors, token.ledger) })),
  );
}

/** Every token of the treasury, in its order. */
export async function listTokens({
  treasury,
}: Pick<Actors, 'treasury'>): Promise<readonly Token[]> {
  const tokens: Token[] = [];
  let from: [] | [bigint] = [];
  do {
    const page: Treasury.TokenPage = okOf(
      await treasury.list_tokens({ from, limit: PAGE, newest_first: false }),
    );
    tokens.push(...page.rows.map(({ value }) => tokenOf(value)));
    from = page.next;
  } while (from.length > 0);
  return tokens;
}

function tokenOf(token: Treasury.Token): Token {
  const { ledger, symbol, decimals, fee } = token;
  const { min_payout: minPayout, is_enabled: isEnabled } = token;
  return { ledger, id: ledger.toText(), symbol, decimals, fee, minPayout, isEnabled };
}

async function readRate(
  { tokenValue }: Pick<Actors, 'tokenValue'>,
  ledger: Principal,
): Promise<KnownRate> {
  try {
    const price = okOf(await tokenValue.get_price(ledger));
    const { symbol, decimals, usd_e8: usdE8, at_ns: atNs } = price;
    return { kind: 'known', rate: { symbol, decimals, usdE8, atMs: msOfNs(atNs) } };
  } catch (error) {
    if (error instanceof Refusal) return { kind: 'unknown', reason: error.message };
    throw error;
  }
}
