import { IDL } from '@dfinity/candid';
import type { NativeContext } from '../../../core/native.ts';
import type { Archiver, ArchiveOptions } from '../archiving.ts';
import { DEFAULT_ARCHIVE_OPTIONS } from '../archiving.ts';
import type { Account } from '../core/account.ts';
import { applyTransaction } from '../core/apply-transaction.ts';
import {
  LedgerSnapshot,
  restoreSnapshot,
  takeSnapshot,
  type LedgerSnapshotValue,
} from '../core/ledger-snapshot.ts';
import { LedgerState } from '../core/ledger-state.ts';
import { ArchiveOptionsSnapshot } from '../icrc/icrc-config.ts';
import type { SuiteRules } from '../suite-rules.ts';
import { readAccount, writeAccount, type WireAccount } from '../wire/icrc-messages.ts';
import { Account as AccountType } from '../wire/icrc-types.ts';
import { accountIdOf, type AccountId } from './account-identifier.ts';
import { createIcpArchive } from './icp-archive.ts';
import { ICP_BLOCK_FORMAT } from './icp-block.ts';

/** 0.0001 ICP. Source: ICP ledger, DEFAULT_TRANSFER_FEE. */
export const ICP_TRANSFER_FEE_E8S = 10_000n;
const MEMO_BYTES_MAX = 32;
const MAX_TOKENS_E8S = (1n << 64n) - 1n;

export interface IcpLedgerConfig {
  readonly mintingAccount: Account;
  readonly archive: ArchiveOptions;
  /**
   * Whether the anonymous principal may spend and approve. The real ledger refuses; on a
   * development network it is the faucet.
   */
  readonly allowsAnonymous: boolean;
}

export interface IcpLedgerGenesis {
  readonly config: Omit<IcpLedgerConfig, 'archive'> & {
    readonly archive?: Partial<ArchiveOptions>;
  };
  readonly nowNs: bigint;
  readonly initialBalances: readonly { readonly account: AccountId; readonly amountE8s: bigint }[];
}

const Snapshot = IDL.Record({
  mintingAccount: AccountType,
  archive: ArchiveOptionsSnapshot,
  allowsAnonymous: IDL.Bool,
  isCertified: IDL.Bool,
  transferFeeE8s: IDL.Nat64,
  ledger: LedgerSnapshot,
});

interface SnapshotValue {
  readonly mintingAccount: WireAccount;
  readonly archive: ArchiveOptions;
  readonly allowsAnonymous: boolean;
  readonly isCertified: boolean;
  readonly transferFeeE8s: bigint;
  readonly ledger: LedgerSnapshotValue;
}

/** The ICP ledger's configuration and state. Accounts are account identifiers. */
export class IcpLedger {
  #config: IcpLedgerConfig;
  #state = new LedgerState(ICP_BLOCK_FORMAT);
  #isCertified = false;
  #transferFeeE8s = ICP_TRANSFER_FEE_E8S;
  readonly archiver: Archiver;

  constructor(config: IcpLedgerConfig) {
    this.#config = config;
    this.archiver = {
      isBusy: false,
      options: () => this.#config.archive,
      createArchive: (context, firstBlock) =>
        context.spawnNative(
          createIcpArchive({ ledger: context.self, firstBlock, options: this.#config.archive }),
        ),
    };
  }

  static atGenesis(genesis: IcpLedgerGenesis): IcpLedger {
    const archive = { ...DEFAULT_ARCHIVE_OPTIONS, ...genesis.config.archive };
    const ledger = new IcpLedger({ ...genesis.config, archive });
    const { nowNs } = genesis;
    for (const { account, amountE8s } of genesis.initialBalances) {
      const operation = { kind: 'mint', to: account, amount: amountE8s, fee: undefined } as const;
      const mint = { operation, createdAtNs: nowNs, memo: undefined, numericMemo: 0n };
      const result = applyTransaction(ledger.state, mint, { nowNs, fee: 0n });
      if (result.kind === 'error') throw new Error(`initial balance: ${result.error.kind}`);
    }
    return ledger;
  }

  get config(): IcpLedgerConfig {
    return this.#config;
  }

  get state(): LedgerState<AccountId> {
    return this.#state;
  }

  get isCertified(): boolean {
    return this.#isCertified;
  }

  get mintingId(): AccountId {
    return accountIdOf(this.#config.mintingAccount);
  }

  get rules(): SuiteRules<AccountId> {
    return {
      state: this.#state,
      mintingAccount: this.mintingId,
      fee: this.#transferFeeE8s,
      maxTokens: MAX_TOKENS_E8S,
      maxMemoBytes: MEMO_BYTES_MAX,
      writesFee: 'always',
    };
  }

  /** As a proposal that changes the fee does. */
  setFee(transferFeeE8s: bigint): void {
    this.#transferFeeE8s = transferFeeE8s;
  }

  /** The ICP ledger certifies the hash of its last block itself. */
  certify(context: NativeContext): void {
    context.setCertifiedData(this.#state.log.tipHash ?? new Uint8Array(32));
    this.#isCertified = true;
  }

  save(): Uint8Array {
    const value: SnapshotValue = {
      mintingAccount: writeAccount(this.#config.mintingAccount),
      archive: this.#config.archive,
      allowsAnonymous: this.#config.allowsAnonymous,
      isCertified: this.#isCertified,
      transferFeeE8s: this.#transferFeeE8s,
      ledger: takeSnapshot(this.#state),
    };
    return IDL.encode([Snapshot], [value]);
  }

  load(bytes: Uint8Array): void {
    const value = IDL.decode([Snapshot], new Uint8Array(bytes))[0] as unknown as SnapshotValue;
    const { archive, allowsAnonymous } = value;
    const mintingAccount = readAccount(value.mintingAccount);
    this.#config = { mintingAccount, archive, allowsAnonymous };
    this.#state = new LedgerState(ICP_BLOCK_FORMAT);
    restoreSnapshot(this.#state, value.ledger);
    this.#isCertified = value.isCertified;
    this.#transferFeeE8s = value.transferFeeE8s;
    this.archiver.isBusy = false;
  }
}
