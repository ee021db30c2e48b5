import type { Clients } from './wire.ts';
import { priceConfig, type PriceConfig } from './price-config.ts';
import { StartError } from './start-error.ts';

type TokenValue = Clients['token-value'];
type WireResult<T> = { Ok: T } | { Err: { readonly message: string } };

const MAX_PAGE = 50;

/**
 * Tells token-value the sources and tokens that it does not have yet, and has it ask them at once.
 * What is there already stays as it is: a source that was switched off stays off. `isKept` is true if
 * it knew all of it.
 */
export async function configurePrices(
  tokenValue: TokenValue,
  config: PriceConfig = priceConfig(),
): Promise<{ readonly isKept: boolean }> {
  const first = { from: [] as [], limit: MAX_PAGE, newest_first: false };
  const known = okOf(await tokenValue.list_sources(first)).rows.map(({ value }) => value.label);
  const missingSources = config.sources.slice(known.length);
  if (config.sources.some(({ label }, id) => id < known.length && label !== known[id])) {
    throw new StartError('token-value has other price sources; begin anew with --clean');
  }
  for (const source of missingSources) okOf(await tokenValue.add_source(source));
  const priced = (await tokenValue.list_tokens()).map(({ symbol }) => symbol);
  const missingTokens = config.tokens.filter(({ symbol }) => !priced.includes(symbol));
  for (const pricing of missingTokens) okOf(await tokenValue.set_pricing(pricing));
  const isKept = missingSources.length === 0 && missingTokens.length === 0;
  if (!isKept) okOf(await tokenValue.sample_now());
  return { isKept };
}

function okOf<T>(result: WireResult<T>): T {
  if ('Ok' in result) return result.Ok;
  throw new StartError(`token-value refused its configuration: ${result.Err.message}`);
}
