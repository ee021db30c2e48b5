import type { Principal } from '@dfinity/principal';
import type { Actors } from './actors.api.ts';
import { okOf } from './refusal.ts';
import type { TokenValue } from './wire.ts';

/** Every source and every token, as of now. */
export function fetchPriceStatus({ tokenValue }: Actors): Promise<TokenValue.PriceStatus> {
  return tokenValue.get_price_status();
}

export interface HistorySpan {
  readonly token: Principal;
  readonly fromNs: bigint;
  readonly toNs: bigint;
  readonly stepNs: bigint;
}

/** Lowest, highest and last price of each step; steps without a price are left out. */
export async function fetchPriceHistory(
  { tokenValue }: Actors,
  { token, fromNs, toNs, stepNs }: HistorySpan,
): Promise<readonly TokenValue.PriceStep[]> {
  return okOf(
    await tokenValue.price_history({ token, from_ns: fromNs, to_ns: toNs, step_ns: stepNs }),
  );
}
