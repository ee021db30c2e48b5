import type { TokenUnits } from '@decent-cloud/domain/amount.ts';
import type { TimestampNs } from '@decent-cloud/domain/time.ts';
import {
  bigint,
  bytes,
  number,
  optional,
  plainAs,
  text,
  union,
  type Field,
} from '@decent-cloud/kit/values/field.ts';
import { valueCodec } from '@decent-cloud/kit/values/value-codec.ts';
import type {
  ExchangeRateErrorName,
  Quarantine,
  RawInputs,
  Sample,
  SamplePoint,
  SampleRejection,
} from '../core/samples/sample.ts';
import type { RatioE18 } from '../core/units.ts';

const whole = bigint<bigint>();

const rawInputs = union<RawInputs>({
  'icpswap-pool': {
    sqrtPriceX96: whole,
    tick: whole,
    liquidity: whole,
    token0Units: whole,
    token1Units: whole,
  },
  'exchange-rate': {
    rate: whole,
    decimals: number,
    timestampSeconds: whole,
    receivedRates: whole,
    standardDeviation: whole,
  },
  'oisy-trade': { bidPrice: whole, bidUnits: whole, askPrice: whole, askUnits: whole },
  kongswap: { baseUnits: whole, quoteUnits: whole, poolId: number },
  'cmc-xdr': { xdrPermyriadPerIcp: whole, timestampSeconds: whole },
});

const rawCodec = valueCodec<{ readonly raw: RawInputs }>({
  version: 1,
  fields: { raw: rawInputs },
});

/** A sample whose raw inputs are still bytes: prices are made without them, thousands at a time. */
export interface StoredSample extends SamplePoint {
  readonly rawBytes: Uint8Array;
}

export const sampleCodec = valueCodec<StoredSample>({
  version: 1,
  fields: {
    atNs: bigint<TimestampNs>(),
    ratioE18: bigint<RatioE18>(),
    depthUnits: optional(bigint<TokenUnits>()),
    rawBytes: bytes,
  },
});

export function toStored({ raw, ...point }: Sample): StoredSample {
  return { ...point, rawBytes: rawCodec.encode({ raw }) };
}

export function fromStored({ rawBytes, ...point }: StoredSample): Sample {
  return { ...point, raw: rawCodec.decode(rawBytes).raw };
}

export const rejectionField: Field<SampleRejection> = union<SampleRejection>({
  'call-failed': { detail: text },
  'source-error': { detail: text },
  'exchange-rate-error': { name: plainAs<ExchangeRateErrorName>(), detail: text },
  'try-later': { name: plainAs<'Pending' | 'RateLimited'>() },
  'wrong-identity': { detail: text },
  uninitialised: {},
  'no-liquidity': {},
  unavailable: {},
  removed: {},
  'empty-side': { side: plainAs<'bid' | 'ask'>() },
  'crossed-book': {},
  'wide-spread': { spreadBps: number },
  'too-few-rates': { received: whole },
  'old-answer': { ageSeconds: whole },
  'absurd-price': {},
  'too-soon': {},
});

export const quarantineField: Field<Quarantine> = union<Quarantine>({
  clear: {},
  quarantined: { sinceNs: bigint<TimestampNs>(), inBandCount: number },
});
