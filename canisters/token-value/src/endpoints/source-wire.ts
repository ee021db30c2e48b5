import { IDL } from '@dfinity/candid';
import { parseAmount, type UsdE8 } from '@decent-cloud/domain/amount.ts';
import { present } from '@decent-cloud/domain/assert.ts';
import { lazy } from '@decent-cloud/kit/candid/lazy-type.ts';
import { resultType } from '@decent-cloud/kit/errors/error-idl.ts';
import { pageType } from '@decent-cloud/kit/errors/page-argument.ts';
import type { PriceSource } from '../core/sources/price-source.ts';
import { TokenValueError } from './error-wire.ts';
import { originFromWire, originToWire, OriginType, type WireOrigin } from './origin-wire.ts';

const common = {
  label: IDL.Text,
  min_depth_usd_e8: IDL.Nat64,
  is_thin: IDL.Bool,
  is_enabled: IDL.Bool,
};

/** What a controller sends; every kind of origin here is known to this code. */
export const SourceArgument = lazy(() => IDL.Record({ ...common, origin: OriginType }));
/** What anybody reads: an older client gets `null` for a kind of origin that it does not know. */
export const Source = lazy(() => IDL.Record({ ...common, origin: IDL.Opt(OriginType) }));

export const SourceResult = lazy(() => resultType(Source, TokenValueError));
export const SourceIdResult = lazy(() => resultType(IDL.Nat64, TokenValueError));
export const SourcePageResult = lazy(() => resultType(pageType(Source), TokenValueError));

interface WireSourceRest {
  readonly label: string;
  readonly min_depth_usd_e8: bigint;
  readonly is_thin: boolean;
  readonly is_enabled: boolean;
}

export interface WireSourceArgument extends WireSourceRest {
  readonly origin: WireOrigin;
}

export interface WireSource extends WireSourceRest {
  readonly origin: readonly [WireOrigin];
}

export function sourceFromWire(wire: WireSourceArgument): PriceSource {
  return {
    label: wire.label,
    origin: originFromWire(wire.origin),
    minDepthUsdE8: usdFromWire(wire.min_depth_usd_e8),
    isThin: wire.is_thin,
    isEnabled: wire.is_enabled,
  };
}

/** Candid's `nat64` is never negative, so an amount cannot be refused here. */
export function usdFromWire(raw: bigint): UsdE8 {
  const amount = parseAmount<UsdE8>(raw);
  return present(amount.kind === 'ok' ? amount.value : undefined, 'a nat64 is negative');
}

export function sourceToWire(source: PriceSource): WireSource {
  return {
    label: source.label,
    origin: [originToWire(source.origin)],
    min_depth_usd_e8: source.minDepthUsdE8,
    is_thin: source.isThin,
    is_enabled: source.isEnabled,
  };
}
