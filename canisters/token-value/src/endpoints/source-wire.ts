import { IDL } from '@dfinity/candid';
import type { Principal } from '@dfinity/principal';
import { parseAmount, type UsdE8 } from '@decent-cloud/domain/amount.ts';
import { present } from '@decent-cloud/domain/assert.ts';
import { CommonError } from '@decent-cloud/kit/errors/common-errors.ts';
import { resultType } from '@decent-cloud/kit/errors/error-idl.ts';
import { pageType } from '@decent-cloud/kit/errors/page-argument.ts';
import type { PriceOrigin, PriceSource } from '../core/sources/price-source.ts';

const Pool = IDL.Record({ pool: IDL.Principal, base: IDL.Principal, quote: IDL.Principal });
const ExchangeRate = IDL.Record({
  canister: IDL.Principal,
  base_symbol: IDL.Text,
  quote_symbol: IDL.Text,
});
const origins = { IcpSwapPool: Pool, ExchangeRate };

/** What a controller sends; every kind of origin here is known to this code. */
export const SourceArgument = IDL.Record({
  origin: IDL.Variant(origins),
  min_depth_usd_e8: IDL.Nat64,
  is_enabled: IDL.Bool,
});

/** What anybody reads: an older client gets `null` for a kind of origin that it does not know. */
const Source = IDL.Record({
  origin: IDL.Opt(IDL.Variant(origins)),
  min_depth_usd_e8: IDL.Nat64,
  is_enabled: IDL.Bool,
});

export const SourceResult = resultType(Source, CommonError);
export const SourceIdResult = resultType(IDL.Nat64, CommonError);
export const SourcePageResult = resultType(pageType(Source), CommonError);

type WireOrigin =
  | {
      readonly IcpSwapPool: {
        readonly pool: Principal;
        readonly base: Principal;
        readonly quote: Principal;
      };
    }
  | {
      readonly ExchangeRate: {
        readonly canister: Principal;
        readonly base_symbol: string;
        readonly quote_symbol: string;
      };
    };

interface WireSourceRest {
  readonly min_depth_usd_e8: bigint;
  readonly is_enabled: boolean;
}

export interface WireSourceArgument extends WireSourceRest {
  readonly origin: WireOrigin;
}

export interface WireSource extends WireSourceRest {
  readonly origin: readonly [WireOrigin];
}

/** Candid's `nat64` is never negative, so the depth cannot be refused here. */
export function sourceFromWire(wire: WireSourceArgument): PriceSource {
  const depth = parseAmount<UsdE8>(wire.min_depth_usd_e8);
  return {
    origin: originFromWire(wire.origin),
    minDepth: present(depth.kind === 'ok' ? depth.value : undefined, 'a nat64 is negative'),
    isEnabled: wire.is_enabled,
  };
}

function originFromWire(wire: WireOrigin): PriceOrigin {
  if ('IcpSwapPool' in wire) return { kind: 'icpswap-pool', ...wire.IcpSwapPool };
  const { canister, base_symbol: baseSymbol, quote_symbol: quoteSymbol } = wire.ExchangeRate;
  return { kind: 'exchange-rate', canister, baseSymbol, quoteSymbol };
}

export function sourceToWire(source: PriceSource): WireSource {
  return {
    origin: [originToWire(source.origin)],
    min_depth_usd_e8: source.minDepth,
    is_enabled: source.isEnabled,
  };
}

function originToWire(origin: PriceOrigin): WireOrigin {
  switch (origin.kind) {
    case 'icpswap-pool': {
      const { pool, base, quote } = origin;
      return { IcpSwapPool: { pool, base, quote } };
    }
    case 'exchange-rate': {
      const { canister, baseSymbol, quoteSymbol } = origin;
      return {
        ExchangeRate: { canister, base_symbol: baseSymbol, quote_symbol: quoteSymbol },
      };
    }
  }
}
