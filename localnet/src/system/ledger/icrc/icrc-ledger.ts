import { IDL } from '@dfinity/candid';
import type { NativeContext } from '../../../core/native.ts';
import type { Archiver } from '../archiving.ts';
import type { Account } from '../core/account.ts';
import { ICRC_BLOCK_FORMAT } from '../core/icrc-block.ts';
import {
  LedgerSnapshot,
  restoreSnapshot,
  takeSnapshot,
  type LedgerSnapshotValue,
} from '../core/ledger-snapshot.ts';
import { LedgerState } from '../core/ledger-state.ts';
import { transfer, type SuiteRules } from '../suite-rules.ts';
import { tipTree } from '../tip-certificate.ts';
import { createIcrcArchive } from './icrc-archive.ts';
import {
  configFromSnapshot,
  configToSnapshot,
  fullConfig,
  IcrcConfigSnapshot,
  type FullIcrcLedgerConfig,
  type IcrcConfigValue,
  type IcrcLedgerConfig,
} from './icrc-config.ts';

const Snapshot = IDL.Record({
  config: IcrcConfigSnapshot,
  isCertified: IDL.Bool,
  ledger: LedgerSnapshot,
});

interface SnapshotValue {
  readonly config: IcrcConfigValue;
  readonly isCertified: boolean;
  readonly ledger: LedgerSnapshotValue;
}

export interface IcrcLedgerGenesis {
  readonly config: IcrcLedgerConfig;
  readonly nowNs: bigint;
  readonly initialBalances?: readonly { readonly account: Account; readonly amount: bigint }[];
}

/** A token's ledger: its configuration and its state. */
export class IcrcLedger {
  #config: FullIcrcLedgerConfig;
  #state: LedgerState<Account>;
  #isCertified = false;
  readonly archiver: Archiver;

  constructor(config: FullIcrcLedgerConfig) {
    this.#config = config;
    this.#state = emptyState(config);
    this.archiver = {
      isBusy: false,
      options: () => this.#config.archive,
      createArchive: (context, firstBlock) =>
        context.spawnNative(
          createIcrcArchive({ ledger: context.self, firstBlock, options: this.#config.archive }),
        ),
    };
  }

  /** The ledger at block 0, its first blocks minting the initial balances. */
  static atGenesis(genesis: IcrcLedgerGenesis): IcrcLedger {
    const ledger = new IcrcLedger(fullConfig(genesis.config));
    const { rules } = ledger;
    const common = { spender: undefined, fee: undefined, memo: undefined };
    for (const { account, amount } of genesis.initialBalances ?? []) {
      const request = { ...common, from: rules.mintingAccount, to: account, amount };
      const result = transfer(rules, { ...request, createdAtNs: genesis.nowNs }, genesis.nowNs);
      if (result.kind === 'error') throw new Error(`initial balance: ${result.error.kind}`);
    }
    return ledger;
  }

  get config(): FullIcrcLedgerConfig {
    return this.#config;
  }

  get state(): LedgerState<Account> {
    return this.#state;
  }

  /** False until the tip of genesis was certified, which needs a context. */
  get isCertified(): boolean {
    return this.#isCertified;
  }

  get rules(): SuiteRules<Account> {
    const config = this.#config;
    return {
      state: this.#state,
      mintingAccount: config.mintingAccount,
      fee: config.transferFee,
      maxTokens: (1n << BigInt(config.tokenBits)) - 1n,
      maxMemoBytes: config.maxMemoBytes,
      writesFee: 'as-given',
    };
  }

  /** As an upgrade with another transfer fee does; blocks before it keep theirs. */
  setFee(transferFee: bigint): void {
    this.#config = { ...this.#config, transferFee };
  }

  certify(context: NativeContext): void {
    context.setCertifiedData(tipTree(this.#state.log).hash);
    this.#isCertified = true;
  }

  save(): Uint8Array {
    const value: SnapshotValue = {
      config: configToSnapshot(this.#config),
      isCertified: this.#isCertified,
      ledger: takeSnapshot(this.#state),
    };
    return IDL.encode([Snapshot], [value]);
  }

  load(bytes: Uint8Array): void {
    const value = IDL.decode([Snapshot], new Uint8Array(bytes))[0] as unknown as SnapshotValue;
    this.#config = configFromSnapshot(value.config);
    this.#state = emptyState(this.#config);
    restoreSnapshot(this.#state, value.ledger);
    this.#isCertified = value.isCertified;
    this.archiver.isBusy = false;
  }
}

function emptyState(config: FullIcrcLedgerConfig): LedgerState<Account> {
  const state = new LedgerState(ICRC_BLOCK_FORMAT);
  if (config.feeCollector !== undefined) {
    state.feeCollector = { account: config.feeCollector, blockIndex: undefined };
  }
  return state;
}
