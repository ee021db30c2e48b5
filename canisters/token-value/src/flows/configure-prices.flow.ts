import type { Principal } from '@dfinity/principal';
import { ok, type Result } from '@decent-cloud/domain/result.ts';
import {
  found,
  invalidArgument,
  type RequestRefusal,
} from '@decent-cloud/kit/errors/common-errors.ts';
import { requireController } from '@decent-cloud/kit/runtime/callers.ts';
import { checkPricing } from '../core/pricing/check-pricing.ts';
import type { PricingConfig, SourceRow, TokenPricing } from '../core/pricing/token-pricing.ts';
import { checkSource } from '../core/sources/check-source.ts';
import { isSameLedger } from '../core/sources/origin-assets.ts';
import type { PriceSource } from '../core/sources/price-source.ts';
import type { SourceId } from '../core/units.ts';
import { MAX_SOURCES, MAX_TOKENS } from '../storage/config-store.ts';
import type { ConfigEvent } from '../storage/journal-events.ts';
import type { CanisterParts } from './canister-parts.ts';

/** Lets a controller add a source. Gives its id. What a source asks never changes. */
export function addSource(
  canister: CanisterParts,
  raw: PriceSource,
): Result<SourceId, RequestRefusal> {
  const { config } = canister.storage;
  return changeConfig(canister, {
    check: () => {
      const { sources } = config.config();
      if (sources.length >= MAX_SOURCES) {
        return invalidArgument({ argument: 'origin', rule: `there are ${MAX_SOURCES} already` });
      }
      const source = checkSource(raw);
      if (source.kind === 'err') return invalidArgument(source.error);
      return checked(config.config(), { sources: [...sources, withNextId(sources, raw)] });
    },
    apply: (by) => {
      const id = config.addSource(raw);
      return { value: id, event: { kind: 'source-added', by, id, source: raw } };
    },
  });
}

/** Lets a controller switch a source on or off: the kill switch. Works whatever else is wrong. */
export function setSourceEnabled(
  canister: CanisterParts,
  change: { readonly id: number; readonly isEnabled: boolean },
): Result<SourceRow, RequestRefusal> {
  const { config } = canister.storage;
  const by = requireController(canister.runtime);
  if (by.kind === 'err') return by;
  const row = found(config.source(change.id), 'source');
  if (row.kind === 'err') return row;
  const { id } = row.value;
  const { isEnabled } = change;
  const source = { ...row.value.source, isEnabled };
  return changeConfig(canister, {
    check: () => ok(undefined),
    apply: (controller) => {
      config.replaceSource(id, source);
      const event = { kind: 'source-switched', by: controller, id, isEnabled } as const;
      return { value: { id, source }, event };
    },
  });
}

/** Lets a controller say how a token's price is made, for a new token or a known one. */
export function setPricing(
  canister: CanisterParts,
  pricing: TokenPricing,
): Result<TokenPricing, RequestRefusal> {
  const { config } = canister.storage;
  return changeConfig(canister, {
    check: () => {
      const { tokens } = config.config();
      const { ledger } = pricing.token;
      if (config.token(ledger) === undefined && tokens.length >= MAX_TOKENS) {
        return invalidArgument({ argument: 'token', rule: `there are ${MAX_TOKENS} already` });
      }
      const others = tokens.filter(({ token }) => !isSameLedger(token.ledger, ledger));
      return checked(config.config(), { tokens: [...others, pricing] });
    },
    apply: (by) => {
      config.putToken(pricing);
      return { value: pricing, event: { kind: 'pricing-set', by, pricing } };
    },
  });
}

/** A change by a controller: checked, stored, written down, and prices are made anew. */
function changeConfig<T>(
  { runtime, storage, prices }: CanisterParts,
  change: {
    readonly check: () => Result<unknown, RequestRefusal>;
    readonly apply: (by: Principal) => { readonly value: T; readonly event: ConfigEvent };
  },
): Result<T, RequestRefusal> {
  const by = requireController(runtime);
  if (by.kind === 'err') return by;
  const check = change.check();
  if (check.kind === 'err') return check;
  const { value, event } = change.apply(by.value);
  storage.journal.append({ at: runtime.time(), event });
  prices.invalidate();
  return ok(value);
}

function checked(
  config: PricingConfig,
  change: Partial<PricingConfig>,
): Result<PricingConfig, RequestRefusal> {
  const result = checkPricing({ ...config, ...change });
  return result.kind === 'err' ? invalidArgument(result.error) : result;
}

function withNextId(sources: readonly SourceRow[], source: PriceSource): SourceRow {
  return { id: sources.length as SourceId, source };
}
