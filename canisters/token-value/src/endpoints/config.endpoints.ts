import { IDL } from '@dfinity/candid';
import { mapOk } from '@decent-cloud/domain/result.ts';
import { query, update } from '@decent-cloud/kit/azle/azle.methods.ts';
import { found } from '@decent-cloud/kit/errors/common-errors.ts';
import { toWire, type WireResult } from '@decent-cloud/kit/errors/error-idl.ts';
import { PageArgument, pageToWire, parsePage } from '@decent-cloud/kit/errors/page-argument.ts';
import type { WirePage, WirePageArgument } from '@decent-cloud/kit/errors/page-argument.ts';
import { canister } from '../composition.ts';
import { addSource, setPricing, setSourceEnabled } from '../flows/configure-prices.flow.ts';
import { readSamples } from '../flows/read-samples.flow.ts';
import { sampleNow } from '../flows/sample-now.flow.ts';
import { EventPageResult, eventToWire, type WireEvent } from './event-wire.ts';
import { Pricing, pricingFromWire, PricingList } from './pricing-wire.ts';
import { PricingResult, pricingToWire, type WirePricing } from './pricing-wire.ts';
import { SampleNowResult, SamplesResult, sampleToWire, startedToWire } from './sampling-wire.ts';
import type { WireSample, WireStartedSource } from './sampling-wire.ts';
import { SourceArgument, sourceFromWire, SourceIdResult, SourcePageResult } from './source-wire.ts';
import { SourceResult, sourceToWire } from './source-wire.ts';
import type { WireSource, WireSourceArgument } from './source-wire.ts';

const MAX_PAGE = 50;

/** What is asked and how prices are made of it. Everybody may read it; controllers change it. */
export class ConfigEndpoints {
  /** Controllers only. Gives the new source's id. */
  @update([SourceArgument], SourceIdResult)
  add_source(source: WireSourceArgument): WireResult<bigint> {
    return toWire(addSource(canister, sourceFromWire(source)), BigInt);
  }

  /** Controllers only: the kill switch. Gives the source as it is now. */
  @update([IDL.Nat64, IDL.Bool], SourceResult)
  set_source_enabled(id: bigint, isEnabled: boolean): WireResult<WireSource> {
    const switched = setSourceEnabled(canister, { id: Number(id), isEnabled });
    return toWire(switched, ({ source }) => sourceToWire(source));
  }

  /** Controllers only. Adds a token or replaces how its price is made. */
  @update([Pricing], PricingResult)
  set_pricing(pricing: WirePricing): WireResult<WirePricing> {
    return toWire(setPricing(canister, pricingFromWire(pricing)), pricingToWire);
  }

  /** Controllers only. Starts what may be asked now and waits for none of it. */
  @update([], SampleNowResult)
  sample_now(): WireResult<WireStartedSource[]> {
    return toWire(sampleNow(canister), (sources) => sources.map(startedToWire));
  }

  @query([IDL.Nat64], SourceResult)
  get_source(id: bigint): WireResult<WireSource> {
    const row = found(canister.storage.config.source(Number(id)), 'source');
    return toWire(row, ({ source }) => sourceToWire(source));
  }

  @query([PageArgument], SourcePageResult)
  list_sources(argument: WirePageArgument): WireResult<WirePage<WireSource>> {
    const request = parsePage(argument, MAX_PAGE);
    const page = mapOk(request, (wanted) => canister.storage.config.pageOfSources(wanted));
    return toWire(page, (rows) => pageToWire(rows, sourceToWire));
  }

  /** The newest answers of a source, newest first, with all that its price can be made of again. */
  @query([IDL.Nat64, IDL.Nat32], SamplesResult)
  list_samples(id: bigint, limit: number): WireResult<WireSample[]> {
    return toWire(readSamples(canister, { id: Number(id), limit }), (samples) =>
      samples.map(sampleToWire),
    );
  }

  /** All of them: there are 32 at most. */
  @query([], PricingList)
  list_tokens(): WirePricing[] {
    return canister.storage.config.config().tokens.map(pricingToWire);
  }

  /** Every change of the configuration and of health, in order. */
  @query([PageArgument], EventPageResult)
  list_events(argument: WirePageArgument): WireResult<WirePage<WireEvent>> {
    const request = parsePage(argument, MAX_PAGE);
    const page = mapOk(request, (wanted) => canister.storage.journal.page(wanted));
    return toWire(page, (rows) => pageToWire(rows, eventToWire));
  }
}
