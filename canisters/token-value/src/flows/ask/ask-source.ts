import type { Cycles } from '@decent-cloud/domain/amount.ts';
import { andThen, err, type Result } from '@decent-cloud/domain/result.ts';
import type { TimestampNs } from '@decent-cloud/domain/time.ts';
import type { Runtime } from '@decent-cloud/kit/runtime/runtime.port.ts';
import { decodeCmcRate, type WireIcpXdrRate } from '../../core/adapters/decode-cmc-rate.ts';
import {
  decodeExchangeRate,
  exchangeRateRequest,
  type WireExchangeRateResult,
} from '../../core/adapters/decode-exchange-rate.ts';
import { decodeIcpSwap } from '../../core/adapters/decode-icpswap.ts';
import {
  decodeKongPools,
  kongPairText,
  type WireKongPoolsResult,
} from '../../core/adapters/decode-kong-pools.ts';
import { decodeOisyTicker, type WireTickerResult } from '../../core/adapters/decode-oisy-ticker.ts';
import type {
  WireAvailability,
  WirePoolMetadataResult,
  WireTokenAmountResult,
} from '../../core/adapters/icpswap-wire.ts';
import type { RawQuote, SampleRejection } from '../../core/samples/sample.ts';
import type {
  CmcOrigin,
  ExchangeRateOrigin,
  IcpSwapOrigin,
  KongSwapOrigin,
  OisyTradeOrigin,
  PriceOrigin,
} from '../../core/sources/price-source.ts';
import { callSource } from './call-source.ts';
import { exchangeRateArg, exchangeRateReply } from './exchange-rate-types.ts';
import { availabilityReply, poolMetadataReply, tokenAmountReply } from './icpswap-types.ts';
import {
  icpXdrReply,
  kongPairArg,
  kongPoolsReply,
  tickerReply,
  tradingPairArg,
} from './market-types.ts';

/** What the exchange rate canister wants attached; what it does not take comes back. */
const RATE_CYCLES = 1_000_000_000n as Cycles;
/** With less, rates are not asked for: they are the only thing here that costs. */
export const RATE_CYCLES_FLOOR = 500_000_000_000n as Cycles;

/** `DIDL`, no types, no arguments. */
const NO_ARGUMENTS = Uint8Array.of(0x44, 0x49, 0x44, 0x4c, 0x00, 0x00);

type Answer = Promise<Result<RawQuote, SampleRejection>>;

/** Asks one source for its price, by whatever calls its protocol needs, one after another. */
export function askSource(runtime: Runtime, origin: PriceOrigin, atNs: TimestampNs): Answer {
  switch (origin.kind) {
    case 'icpswap-pool':
      return askIcpSwap(runtime, origin);
    case 'exchange-rate':
      return askExchangeRate(runtime, origin, atNs);
    case 'oisy-trade':
      return askOisyTrade(runtime, origin);
    case 'kongswap':
      return askKongSwap(runtime, origin);
    case 'cmc-xdr':
      return askCmc(runtime, origin, atNs);
  }
}

async function askIcpSwap(runtime: Runtime, origin: IcpSwapOrigin): Answer {
  const pool = { canisterId: origin.pool, arg: NO_ARGUMENTS };
  const metadata = await callSource<WirePoolMetadataResult>(runtime, {
    ...pool,
    method: 'metadata',
    reply: poolMetadataReply,
  });
  if (metadata.kind === 'err') return metadata;
  const amounts = await callSource<WireTokenAmountResult>(runtime, {
    ...pool,
    method: 'getTokenAmountState',
    reply: tokenAmountReply,
  });
  if (amounts.kind === 'err') return amounts;
  const availability = await callSource<WireAvailability>(runtime, {
    ...pool,
    method: 'getAvailabilityState',
    reply: availabilityReply,
  });
  return andThen(availability, (value) =>
    decodeIcpSwap({
      origin,
      metadata: metadata.value,
      amounts: amounts.value,
      availability: value,
    }),
  );
}

async function askExchangeRate(
  runtime: Runtime,
  origin: ExchangeRateOrigin,
  atNs: TimestampNs,
): Answer {
  if (runtime.cycles() < RATE_CYCLES_FLOOR) {
    return err({ kind: 'call-failed', detail: 'not asked: this canister is low on cycles' });
  }
  const reply = await callSource<WireExchangeRateResult>(runtime, {
    canisterId: origin.canister,
    method: 'get_exchange_rate',
    arg: exchangeRateArg.encode([exchangeRateRequest(origin)]),
    reply: exchangeRateReply,
    cycles: RATE_CYCLES,
  });
  return andThen(reply, (value) => decodeExchangeRate({ origin, reply: value, atNs }));
}

async function askOisyTrade(runtime: Runtime, origin: OisyTradeOrigin): Answer {
  const reply = await callSource<WireTickerResult>(runtime, {
    canisterId: origin.canister,
    method: 'get_order_book_ticker',
    arg: tradingPairArg.encode([{ base: origin.base.ledger, quote: origin.quote.ledger }]),
    reply: tickerReply,
  });
  return andThen(reply, (value) => decodeOisyTicker({ origin, reply: value }));
}

async function askKongSwap(runtime: Runtime, origin: KongSwapOrigin): Answer {
  const reply = await callSource<WireKongPoolsResult>(runtime, {
    canisterId: origin.canister,
    method: 'pools',
    arg: kongPairArg.encode([[kongPairText(origin)]]),
    reply: kongPoolsReply,
  });
  return andThen(reply, (value) => decodeKongPools({ origin, reply: value }));
}

async function askCmc(runtime: Runtime, origin: CmcOrigin, atNs: TimestampNs): Answer {
  const reply = await callSource<WireIcpXdrRate>(runtime, {
    canisterId: origin.canister,
    method: 'get_icp_xdr_conversion_rate',
    arg: NO_ARGUMENTS,
    reply: icpXdrReply,
  });
  return andThen(reply, (value) => decodeCmcRate({ reply: value, atNs }));
}
