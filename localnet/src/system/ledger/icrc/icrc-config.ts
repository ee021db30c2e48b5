import { IDL } from '@dfinity/candid';
import type { Opt } from '../../../core/candid-opt.ts';
import { some } from '../../../core/candid-opt.ts';
import { DEFAULT_ARCHIVE_OPTIONS, type ArchiveOptions } from '../archiving.ts';
import type { Account } from '../core/account.ts';
import { readAccount, writeAccount, type WireAccount } from '../wire/icrc-messages.ts';
import { Account as AccountType, Metadata } from '../wire/icrc-types.ts';

export type MetadataValue =
  | { readonly Nat: bigint }
  | { readonly Int: bigint }
  | { readonly Text: string }
  | { readonly Blob: Uint8Array };

/** One ICRC-1 token. Amounts are in its smallest unit. */
export interface IcrcLedgerConfig {
  readonly tokenName: string;
  readonly tokenSymbol: string;
  readonly decimals: number;
  readonly transferFee: bigint;
  readonly mintingAccount: Account;
  readonly maxMemoBytes?: number;
  /** Gets the fees of transfers; without one they are burned. */
  readonly feeCollector?: Account;
  /** Added to the standard entries of icrc1_metadata. */
  readonly metadata?: readonly (readonly [string, MetadataValue])[];
  /** 64 for most ledgers, 256 for those of ERC-20 twins. */
  readonly tokenBits?: 64 | 256;
  readonly archive?: Partial<ArchiveOptions>;
  /** False for a ledger that shows no blocks: neither ICRC-3 nor the methods before it. */
  readonly hasIcrc3?: boolean;
}

export type FullIcrcLedgerConfig = Omit<Required<IcrcLedgerConfig>, 'feeCollector' | 'archive'> & {
  readonly feeCollector: Account | undefined;
  readonly archive: ArchiveOptions;
};

const DEFAULT_MEMO_BYTES = 32;

export function fullConfig(config: IcrcLedgerConfig): FullIcrcLedgerConfig {
  return {
    maxMemoBytes: DEFAULT_MEMO_BYTES,
    metadata: [],
    tokenBits: 64,
    hasIcrc3: true,
    ...config,
    feeCollector: config.feeCollector,
    archive: { ...DEFAULT_ARCHIVE_OPTIONS, ...config.archive },
  };
}

export const ArchiveOptionsSnapshot = IDL.Record({
  triggerThreshold: IDL.Nat32,
  blocksToArchive: IDL.Nat32,
  archiveBytesMax: IDL.Nat32,
  blocksPerResponseMax: IDL.Nat32,
});

export const IcrcConfigSnapshot = IDL.Record({
  tokenName: IDL.Text,
  tokenSymbol: IDL.Text,
  decimals: IDL.Nat8,
  transferFee: IDL.Nat,
  mintingAccount: AccountType,
  maxMemoBytes: IDL.Nat16,
  feeCollector: IDL.Opt(AccountType),
  metadata: Metadata,
  tokenBits: IDL.Nat16,
  archive: ArchiveOptionsSnapshot,
  hasIcrc3: IDL.Bool,
});

export type IcrcConfigValue = Omit<
  FullIcrcLedgerConfig,
  'mintingAccount' | 'feeCollector' | 'tokenBits'
> & {
  readonly mintingAccount: WireAccount;
  readonly feeCollector: Opt<WireAccount>;
  readonly tokenBits: number;
};

export function configToSnapshot(config: FullIcrcLedgerConfig): IcrcConfigValue {
  const collector = config.feeCollector;
  return {
    ...config,
    mintingAccount: writeAccount(config.mintingAccount),
    feeCollector: some(collector === undefined ? undefined : writeAccount(collector)),
  };
}

export function configFromSnapshot(value: IcrcConfigValue): FullIcrcLedgerConfig {
  const [collector] = value.feeCollector;
  return {
    ...value,
    mintingAccount: readAccount(value.mintingAccount),
    feeCollector: collector === undefined ? undefined : readAccount(collector),
    tokenBits: value.tokenBits === 256 ? 256 : 64,
  };
}
