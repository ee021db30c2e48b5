import { formatDecimal } from '@decent-cloud/domain/amount.ts';
import type { SampleRejection } from '../samples/sample.ts';
import type { NoPriceReason, RouteRejection, SourceRejection } from './report.ts';

/** Why the last answer of a source gave no sample, for people. */
export function describeSampleRejection(reason: SampleRejection): string {
  switch (reason.kind) {
    case 'call-failed':
      return `the call failed: ${reason.detail}`;
    case 'source-error':
      return `the source refused: ${reason.detail}`;
    case 'exchange-rate-error':
      return `the exchange rate canister refused: ${join(reason.name, reason.detail)}`;
    case 'try-later':
      return `the exchange rate canister says ${reason.name}; older samples stay`;
    case 'wrong-identity':
      return `it is not what is configured: ${reason.detail}`;
    case 'uninitialised':
      return 'the pool was never given a price';
    case 'no-liquidity':
      return 'the pool is empty';
    case 'unavailable':
      return 'the pool is closed by its operator';
    case 'removed':
      return 'the pool was removed';
    case 'empty-side':
      return `nobody stands on the ${reason.side} side of the order book`;
    case 'crossed-book':
      return 'the best bid is not below the best ask';
    case 'wide-spread':
      return `bid and ask are ${percent(reason.spreadBps)} apart`;
    case 'too-few-rates':
      return `only ${reason.received.toString()} exchanges answered`;
    case 'old-answer':
      return `the answer is ${reason.ageSeconds.toString()} seconds old`;
    case 'absurd-price':
      return 'the price is zero or beyond any real one';
    case 'too-soon':
      return 'the newest sample is less than four minutes old';
  }
}

/** Why a source does not count, for people. */
export function describeSourceRejection(reason: SourceRejection): string {
  switch (reason.kind) {
    case 'disabled':
      return 'switched off';
    case 'no-samples':
      return 'no sample in the last day';
    case 'stale':
      return `the newest sample is ${reason.ageSeconds.toString()} seconds old`;
    case 'too-few-samples':
      return `only ${reason.inHour} samples in the last hour`;
    case 'quarantined':
      return `left the day's band; ${reason.inBandCount} of 3 samples back inside`;
    case 'off-day-median':
      return `${percent(reason.deviationBps)} away from its median of the day`;
    case 'off-hour-median':
      return `${percent(reason.deviationBps)} away from its median of the hour`;
    case 'depth-unknown':
      return 'its depth is not known in dollars';
    case 'too-shallow':
      return `only $${formatDecimal({ amount: reason.depthUsdE8, decimals: 8 })} deep`;
  }
}

/** Why a route does not count, for people. */
export function describeRouteRejection(reason: RouteRejection): string {
  switch (reason.kind) {
    case 'source-rejected':
      return `source ${reason.source} does not count`;
    case 'quote-token-without-price':
      return `${reason.ledger.toText()}, which it is quoted in, has no price`;
    case 'quote-token-off-peg':
      return `${reason.ledger.toText()}, which it is quoted in, left its peg`;
    case 'differs-from-exchange-rate':
      return `${percent(reason.deviationBps)} away from the exchange rate canister`;
    case 'not-a-price':
      return 'its product is too small to be a price';
    case 'dollar-not-confirmed':
      return `nobody confirms the dollar of ${reason.ledger.toText()} now`;
  }
}

/** Why a token has no price, for people. */
export function describeNoPrice(reason: NoPriceReason): string {
  switch (reason.kind) {
    case 'no-valid-route':
      return 'no source counts now';
    case 'only-route-not-primary':
      return 'one source is left, and it may not stand alone';
    case 'only-route-not-backed':
      return 'one source is left, and the exchange rate canister does not back its dollars';
    case 'routes-disagree':
      return `two sources are ${percent(reason.deviationBps)} apart`;
    case 'exchange-rate-disagrees':
      return `nothing is closer than ${percent(reason.deviationBps)} to the exchange rate canister`;
    case 'outside-xdr-band':
      return `${percent(reason.deviationBps)} away from the price by way of XDR`;
    case 'off-peg':
      return `${percent(reason.deviationBps)} away from its peg`;
    case 'not-computed':
      return 'no price was made yet';
    case 'expired':
      return 'the last price is too old';
  }
}

function percent(bps: number): string {
  return `${formatDecimal({ amount: BigInt(bps), decimals: 2 })} %`;
}

function join(name: string, detail: string): string {
  return detail === '' ? name : `${name} (${detail})`;
}
