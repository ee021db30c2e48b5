import type { TokenUnits, UsdE8 } from '@decent-cloud/domain/amount.ts';
import type { TimestampNs } from '@decent-cloud/domain/time.ts';
import type { Fields } from '@decent-cloud/kit/values/field.ts';
import {
  bigint,
  bool,
  bytes,
  list,
  number,
  optional,
  plainAs,
  principal,
  record,
  text,
} from '@decent-cloud/kit/values/field.ts';
import type { Account } from '../../core/account.ts';
import type { TransferId } from '../../core/ids.ts';
import type { Settings } from '../../core/settings.ts';
import type { ExposureMinute, TokenBook } from '../../core/tokens/token-book.ts';
import type { TokenConfig } from '../../core/tokens/token-config.ts';

const units = bigint<TokenUnits>();

export const accountFields: Fields<Account> = { owner: principal, subaccount: optional(bytes) };

export const settingsFields: Fields<Settings> = {
  rental: principal,
  arbiter: principal,
  tokenValue: principal,
};

/** How a token configuration is stored, in its row and inside events. */
export const tokenFields: Fields<TokenConfig> = {
  ledger: principal,
  symbol: text,
  decimals: number,
  fee: units,
  minPayout: units,
  hasIcrc3Blocks: bool,
  isEnabled: bool,
};

const exposureFields: Fields<ExposureMinute> = { minute: number, usdE8: bigint<UsdE8>() };

export const tokenBookFields: Fields<TokenBook> = {
  ledger: principal,
  escrow: units,
  owed: units,
  fees: units,
  collected: units,
  booked: units,
  surplus: units,
  shortfall: units,
  platformSurplus: bigint(),
  platformAuditedAt: optional(bigint<TimestampNs>()),
  escrowsAuditedAt: optional(bigint<TimestampNs>()),
  livePlatformPayouts: number,
  liveWithdrawal: optional(plainAs<TransferId>()),
  parkedCount: number,
  openEscrowCount: number,
  exposure: list(record(exposureFields)),
};
