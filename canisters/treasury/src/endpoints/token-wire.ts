import { IDL } from '@dfinity/candid';
import type { Principal } from '@dfinity/principal';
import { parseAmount, type TokenUnits } from '@decent-cloud/domain/amount.ts';
import { present } from '@decent-cloud/domain/assert.ts';
import { CommonError } from '@decent-cloud/kit/errors/common-errors.ts';
import { resultType } from '@decent-cloud/kit/errors/error-idl.ts';
import { pageType } from '@decent-cloud/kit/errors/page-argument.ts';
import type { Entry } from '@decent-cloud/kit/store/journal.ts';
import type { TreasuryEvent } from '../core/events.ts';
import type { TokenConfig } from '../core/tokens/token-config.ts';

export const Token = IDL.Record({
  ledger: IDL.Principal,
  symbol: IDL.Text,
  decimals: IDL.Nat8,
  fee: IDL.Nat,
  has_icrc3_blocks: IDL.Bool,
  is_enabled: IDL.Bool,
});

/** `opt`, so that an older client reads `null` for an event that it does not know. */
const Event = IDL.Record({
  at_ns: IDL.Nat64,
  event: IDL.Opt(
    IDL.Variant({ TokenConfigured: IDL.Record({ by: IDL.Principal, config: Token }) }),
  ),
});

export const TokenResult = resultType(Token, CommonError);
export const TokenPageResult = resultType(pageType(Token), CommonError);
export const EventPageResult = resultType(pageType(Event), CommonError);
export const EventNumberResult = resultType(IDL.Nat64, CommonError);

export interface WireToken {
  readonly ledger: Principal;
  readonly symbol: string;
  readonly decimals: number;
  readonly fee: bigint;
  readonly has_icrc3_blocks: boolean;
  readonly is_enabled: boolean;
}

/** Candid's `nat` is never negative, so the fee cannot be refused here. */
export function tokenFromWire(wire: WireToken): TokenConfig {
  const fee = parseAmount<TokenUnits>(wire.fee);
  return {
    ledger: wire.ledger,
    symbol: wire.symbol,
    decimals: wire.decimals,
    fee: present(fee.kind === 'ok' ? fee.value : undefined, 'a nat is negative'),
    hasIcrc3Blocks: wire.has_icrc3_blocks,
    isEnabled: wire.is_enabled,
  };
}

export function tokenToWire(config: TokenConfig): WireToken {
  return {
    ledger: config.ledger,
    symbol: config.symbol,
    decimals: config.decimals,
    fee: config.fee,
    has_icrc3_blocks: config.hasIcrc3Blocks,
    is_enabled: config.isEnabled,
  };
}

export interface WireEvent {
  readonly at_ns: bigint;
  readonly event: readonly [
    { readonly TokenConfigured: { readonly by: Principal; readonly config: WireToken } },
  ];
}

export function eventToWire({ at, event }: Entry<TreasuryEvent>): WireEvent {
  const config = tokenToWire(event.config);
  return { at_ns: at, event: [{ TokenConfigured: { by: event.by, config } }] };
}
