import { err, ok, type Result } from '@decent-cloud/domain/result.ts';
import { checkSource, type ConfigRefusal } from '../sources/check-source.ts';
import { assetsOf, isSameAsset, isSameLedger, tokensOf } from '../sources/origin-assets.ts';
import type { Asset, TokenAsset } from '../sources/price-source.ts';
import type { SourceId } from '../units.ts';
import { firstConfirmedByItself, firstPricedByItself } from './check-order.ts';
import { askedTwice } from './check-twins.ts';
import type { PriceRoute, PricingConfig, SourceRow, TokenPricing } from './token-pricing.ts';

const SYMBOL = /^[A-Za-z0-9.-]{1,12}$/;
const ROUTES_MAX = 5;
const STEPS_MAX = 3;
const PEG_BPS_MAX = 1_000;
const DECIMALS_MAX = 18;
/** $10,000 in an hour. */
const LOSS_BUDGET_MAX_USD_E8 = 1_000_000_000_000n;

/**
 * Checks all that prices are made by, as it would be after a change. What passes can be evaluated:
 * every route leads to dollars, no token is priced by itself, and nothing is counted twice.
 */
export function checkPricing(config: PricingConfig): Result<PricingConfig, ConfigRefusal> {
  for (const { source } of config.sources) {
    const checked = checkSource(source);
    if (checked.kind === 'err') return checked;
  }
  const twins = askedTwice(config.sources);
  if (twins !== undefined) return refuse('origin', `asks the same as source ${twins}`);
  if (!areDecimalsOne(config)) return refuse('decimals', 'must be the same wherever a token is');
  const rows = new Map(config.sources.map((row) => [row.id, row]));
  if (rows.size < config.sources.length) return refuse('source', 'must have an id of its own');
  for (const pricing of config.tokens) {
    const refusal = tokenRefusal(pricing, { config, rows });
    if (refusal !== undefined) return err(refusal);
  }
  const looped = firstPricedByItself(config);
  if (looped !== undefined) {
    return refuse('routes', `must not price ${looped.symbol} by way of itself`);
  }
  const circular = firstConfirmedByItself(config);
  if (circular === undefined) return ok(config);
  return refuse('routes', `must not let a source of ${circular.symbol} confirm itself`);
}

interface Context {
  readonly config: PricingConfig;
  readonly rows: ReadonlyMap<SourceId, SourceRow>;
}

type Refusal = ConfigRefusal | undefined;

function tokenRefusal(pricing: TokenPricing, context: Context): Refusal {
  const { token, symbol, pegToleranceBps: peg, lossBudgetPerHourUsdE8: budget } = pricing;
  const twins = context.config.tokens.filter((one) => isSameLedger(one.token.ledger, token.ledger));
  if (twins.length > 1) return { argument: 'token', rule: 'must be priced once' };
  if (!SYMBOL.test(symbol)) return { argument: 'symbol', rule: 'must have 1 to 12 letters' };
  if (!isWholeBetween(token.decimals, 0, DECIMALS_MAX)) {
    return { argument: 'decimals', rule: `must be 0 to ${DECIMALS_MAX}` };
  }
  if (peg !== undefined && !isWholeBetween(peg, 1, PEG_BPS_MAX)) {
    const rule = `must be 1 to ${PEG_BPS_MAX} basis points`;
    return { argument: 'peg_tolerance_bps', rule };
  }
  if (budget < 0n || budget > LOSS_BUDGET_MAX_USD_E8) {
    return { argument: 'loss_budget_per_hour_usd_e8', rule: 'must be at most $10,000' };
  }
  return bandRefusal(pricing, context) ?? routesRefusal(pricing, context);
}

function bandRefusal({ token, xdrBand }: TokenPricing, { rows }: Context): Refusal {
  if (xdrBand === undefined) return undefined;
  const isRight =
    leads(rows.get(xdrBand.tokenInXdr), token, { kind: 'xdr' }) &&
    leads(rows.get(xdrBand.xdrInUsd), { kind: 'xdr' }, { kind: 'usd' });
  if (isRight) return undefined;
  return { argument: 'xdr_band', rule: 'must lead from the token to XDR and from XDR to dollars' };
}

function leads(row: SourceRow | undefined, from: Asset, to: Asset): boolean {
  if (row === undefined) return false;
  const { base, quote } = assetsOf(row.source.origin);
  return isSameAsset(base, from) && isSameAsset(quote, to);
}

function routesRefusal(pricing: TokenPricing, context: Context): Refusal {
  const { routes } = pricing;
  const refused = (rule: string): Refusal => ({ argument: 'routes', rule });
  if (routes.length === 0 || routes.length > ROUTES_MAX) {
    return refused(`must be 1 to ${ROUTES_MAX}`);
  }
  for (const route of routes) {
    const rule = brokenRouteRule(route, pricing, context);
    if (rule !== undefined) return refused(rule);
  }
  const used = routes.flatMap(({ steps }) => steps.map(({ source }) => source));
  if (new Set(used).size < used.length) return refused('must not use one source twice');
  const rates = routes.filter(({ steps }) => {
    const [only, ...more] = steps;
    const row = only && context.rows.get(only.source);
    return more.length === 0 && row?.source.origin.kind === 'exchange-rate';
  });
  return rates.length > 1 ? refused('must ask the exchange rate canister once') : undefined;
}

function brokenRouteRule(
  { steps, end }: PriceRoute,
  { token }: TokenPricing,
  { config, rows }: Context,
): string | undefined {
  if (steps.length === 0 || steps.length > STEPS_MAX) return `must have 1 to ${STEPS_MAX} steps`;
  let at: Asset = token;
  for (const { source, isInverted } of steps) {
    const row = rows.get(source);
    if (row === undefined) return `must name sources that exist, not ${source}`;
    const { base, quote } = assetsOf(row.source.origin);
    const [from, to] = isInverted ? [quote, base] : [base, quote];
    if (!isSameAsset(from, at)) return `must start source ${source} where the step before ended`;
    at = to;
    if (!isDepthPriced(row, config)) return `must price what source ${source} is quoted in`;
  }
  if (end.kind === 'usd') return at.kind === 'usd' ? undefined : 'must end in dollars as it says';
  const isThere = at.kind === 'token' && isSameLedger(at.ledger, end.ledger);
  if (!isThere) return 'must end in the token that it says';
  const isPriced = config.tokens.some((one) => isSameLedger(one.token.ledger, end.ledger));
  return isPriced ? undefined : 'must end in a token that has a price';
}

/** What lies in a pool has a value only if its quote token has one. */
function isDepthPriced({ source }: SourceRow, config: PricingConfig): boolean {
  if (source.origin.kind === 'exchange-rate' || source.origin.kind === 'cmc-xdr') return true;
  const { quote } = source.origin;
  return config.tokens.some(({ token }) => isSameLedger(token.ledger, quote.ledger));
}

function areDecimalsOne({ sources, tokens }: PricingConfig): boolean {
  const all: TokenAsset[] = [
    ...tokens.map(({ token }) => token),
    ...sources.flatMap(({ source }) => tokensOf(source.origin)),
  ];
  const known = new Map<string, number>();
  for (const { ledger, decimals } of all) {
    const name = ledger.toHex();
    if ((known.get(name) ?? decimals) !== decimals) return false;
    known.set(name, decimals);
  }
  return true;
}

function refuse(argument: string, rule: string): Result<never, ConfigRefusal> {
  return err({ argument, rule });
}

function isWholeBetween(value: number, min: number, max: number): boolean {
  return Number.isInteger(value) && value >= min && value <= max;
}
