import type { Principal } from '@dfinity/principal';
import { parseAmount, type TokenUnits } from '@decent-cloud/domain/amount.ts';
import { present } from '@decent-cloud/domain/assert.ts';
import type { Account } from '../../core/account.ts';
import type { Settings } from '../../core/settings.ts';
import type { TokenConfig } from '../../core/tokens/token-config.ts';
import {
  blob,
  bool,
  nat,
  nat8,
  optional,
  principal,
  record,
  text,
} from '@decent-cloud/kit/wire/wire.ts';

export const account = record<Account>({ owner: principal, subaccount: optional(blob) });

export interface WireAccount {
  readonly owner: Principal;
  readonly subaccount: [] | [Uint8Array];
}

export function accountFromWire({ owner, subaccount }: WireAccount): Account {
  const [bytes] = subaccount;
  return { owner, subaccount: bytes === undefined ? undefined : Uint8Array.from(bytes) };
}

export const settings = record<Settings>({
  rental: principal,
  arbiter: principal,
  tokenValue: principal,
});

export interface WireSettings {
  readonly rental: Principal;
  readonly arbiter: Principal;
  readonly token_value: Principal;
}

export function settingsFromWire(wire: WireSettings): Settings {
  return { rental: wire.rental, arbiter: wire.arbiter, tokenValue: wire.token_value };
}

export const token = record<TokenConfig>({
  ledger: principal,
  symbol: text,
  decimals: nat8,
  fee: nat,
  minPayout: nat,
  hasIcrc3Blocks: bool,
  isEnabled: bool,
});

export interface WireToken {
  readonly ledger: Principal;
  readonly symbol: string;
  readonly decimals: number;
  readonly fee: bigint;
  readonly min_payout: bigint;
  readonly has_icrc3_blocks: boolean;
  readonly is_enabled: boolean;
}

export function tokenFromWire(wire: WireToken): TokenConfig {
  return {
    ledger: wire.ledger,
    symbol: wire.symbol,
    decimals: wire.decimals,
    fee: unitsFromWire(wire.fee),
    minPayout: unitsFromWire(wire.min_payout),
    hasIcrc3Blocks: wire.has_icrc3_blocks,
    isEnabled: wire.is_enabled,
  };
}

/** Candid's `nat` is never negative, so an amount cannot be refused here. */
export function unitsFromWire(wire: bigint): TokenUnits {
  const amount = parseAmount<TokenUnits>(wire);
  return present(amount.kind === 'ok' ? amount.value : undefined, 'a nat is negative');
}
