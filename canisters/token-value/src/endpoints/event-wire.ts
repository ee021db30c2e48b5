import { IDL } from '@dfinity/candid';
import type { Principal } from '@dfinity/principal';
import { lazy } from '@decent-cloud/kit/candid/lazy-type.ts';
import { resultType } from '@decent-cloud/kit/errors/error-idl.ts';
import { pageType } from '@decent-cloud/kit/errors/page-argument.ts';
import type { Entry } from '@decent-cloud/kit/store/journal.ts';
import { describeNoPrice, describeSourceRejection } from '../core/pricing/describe.ts';
import { priceToUsdE8 } from '../core/units.ts';
import type { JournalEvent } from '../storage/journal-events.ts';
import { TokenValueError } from './error-wire.ts';
import { Pricing, pricingToWire, type WirePricing } from './pricing-wire.ts';
import { Reason, reasonToWire, type WireReason } from './reason-wire.ts';
import { Source, sourceToWire, type WireSource } from './source-wire.ts';

const EventKind = lazy(() =>
  IDL.Variant({
    SourceAdded: IDL.Record({ by: IDL.Principal, id: IDL.Nat64, source: Source }),
    SourceSwitched: IDL.Record({ by: IDL.Principal, id: IDL.Nat64, is_enabled: IDL.Bool }),
    PricingSet: IDL.Record({ by: IDL.Principal, pricing: Pricing }),
    SourceAccepted: IDL.Record({ id: IDL.Nat64 }),
    SourceRejected: IDL.Record({ id: IDL.Nat64, reason: Reason }),
    TokenPriced: IDL.Record({ token: IDL.Principal, usd_e8: IDL.Nat }),
    TokenUnpriced: IDL.Record({ token: IDL.Principal, reason: Reason }),
  }),
);

/** `opt`, so that an older client reads `null` for an event that it does not know. */
const Event = lazy(() => IDL.Record({ at_ns: IDL.Nat64, event: IDL.Opt(EventKind) }));

export const EventPageResult = lazy(() => resultType(pageType(Event), TokenValueError));

type WireKind =
  | {
      readonly SourceAdded: {
        readonly by: Principal;
        readonly id: bigint;
        readonly source: WireSource;
      };
    }
  | {
      readonly SourceSwitched: {
        readonly by: Principal;
        readonly id: bigint;
        readonly is_enabled: boolean;
      };
    }
  | { readonly PricingSet: { readonly by: Principal; readonly pricing: WirePricing } }
  | { readonly SourceAccepted: { readonly id: bigint } }
  | { readonly SourceRejected: { readonly id: bigint; readonly reason: WireReason } }
  | { readonly TokenPriced: { readonly token: Principal; readonly usd_e8: bigint } }
  | { readonly TokenUnpriced: { readonly token: Principal; readonly reason: WireReason } };

export interface WireEvent {
  readonly at_ns: bigint;
  readonly event: readonly [WireKind];
}

export function eventToWire({ at, event }: Entry<JournalEvent>): WireEvent {
  return { at_ns: at, event: [kindToWire(event)] };
}

function kindToWire(event: JournalEvent): WireKind {
  switch (event.kind) {
    case 'source-added': {
      const { by, id, source } = event;
      return { SourceAdded: { by, id: BigInt(id), source: sourceToWire(source) } };
    }
    case 'source-switched': {
      const { by, id, isEnabled } = event;
      return { SourceSwitched: { by, id: BigInt(id), is_enabled: isEnabled } };
    }
    case 'pricing-set':
      return { PricingSet: { by: event.by, pricing: pricingToWire(event.pricing) } };
    case 'source-accepted':
      return { SourceAccepted: { id: BigInt(event.source) } };
    case 'source-rejected': {
      const reason = reasonToWire(event.reason, describeSourceRejection);
      return { SourceRejected: { id: BigInt(event.source), reason } };
    }
    case 'token-priced':
      return { TokenPriced: { token: event.ledger, usd_e8: priceToUsdE8(event.quotePriceE18) } };
    case 'token-unpriced': {
      const reason = reasonToWire(event.reason, describeNoPrice);
      return { TokenUnpriced: { token: event.ledger, reason } };
    }
  }
}
