import { IDL } from '@dfinity/candid';
import type { Principal } from '@dfinity/principal';
import type { NativeContext } from '../../core/native.ts';
import type { Archiver } from '../ledger/archiving.ts';
import type { Account } from '../ledger/core/account.ts';
import { ICRC_BLOCK_FORMAT } from '../ledger/core/icrc-block.ts';
import {
  LedgerSnapshot,
  restoreSnapshot,
  takeSnapshot,
  type LedgerSnapshotValue,
} from '../ledger/core/ledger-snapshot.ts';
import { LedgerState } from '../ledger/core/ledger-state.ts';
import { tipTree } from '../ledger/tip-certificate.ts';
import { CYCLES_LEDGER_FEE, mint } from './cycles-rules.ts';

export interface CyclesLedgerGenesis {
  readonly nowNs: bigint;
  /** The canister must be installed with at least the sum of these as its own cycles. */
  readonly initialBalances: readonly { readonly account: Account; readonly amount: bigint }[];
}

const Snapshot = IDL.Record({
  isCertified: IDL.Bool,
  created: IDL.Vec(IDL.Tuple(IDL.Nat64, IDL.Principal)),
  ledger: LedgerSnapshot,
});

interface SnapshotValue {
  readonly isCertified: boolean;
  readonly created: readonly (readonly [bigint, Principal])[];
  readonly ledger: LedgerSnapshotValue;
}

/** The cycles ledger has no archives: its log stays whole. */
const NEVER_ARCHIVES = Number.POSITIVE_INFINITY;

/** Accounts in cycles. Every cycle on an account is held by the canister itself. */
export class CyclesLedger {
  #state = new LedgerState<Account>(ICRC_BLOCK_FORMAT);
  #isCertified = false;
  /** Canisters created, by the block that paid for them, as long as a replay can ask. */
  #created = new Map<number, Principal>();
  readonly archiver: Archiver = {
    isBusy: false,
    options: () => ({
      triggerThreshold: NEVER_ARCHIVES,
      blocksToArchive: 0,
      archiveBytesMax: 0,
      blocksPerResponseMax: 0,
    }),
    createArchive: () => {
      throw new Error('BUG: the cycles ledger has no archive');
    },
  };

  static atGenesis(genesis: CyclesLedgerGenesis): CyclesLedger {
    const ledger = new CyclesLedger();
    for (const { account, amount } of genesis.initialBalances) {
      const request = { to: account, amount, fee: CYCLES_LEDGER_FEE, memo: undefined };
      mint(ledger.state, request, genesis.nowNs);
    }
    return ledger;
  }

  get state(): LedgerState<Account> {
    return this.#state;
  }

  get isCertified(): boolean {
    return this.#isCertified;
  }

  certify(context: NativeContext): void {
    context.setCertifiedData(tipTree(this.#state.log).hash);
    this.#isCertified = true;
  }

  createdBy(blockIndex: number): Principal | undefined {
    return this.#created.get(blockIndex);
  }

  noteCreated(blockIndex: number, canisterId: Principal): void {
    this.#created.set(blockIndex, canisterId);
  }

  save(): Uint8Array {
    const remembered = new Set(this.#state.replays.entries().map((entry) => entry.blockIndex));
    const value: SnapshotValue = {
      isCertified: this.#isCertified,
      created: [...this.#created]
        .filter(([blockIndex]) => remembered.has(blockIndex))
        .sort(([a], [b]) => a - b)
        .map(([blockIndex, canisterId]) => [BigInt(blockIndex), canisterId]),
      ledger: takeSnapshot(this.#state),
    };
    return IDL.encode([Snapshot], [value]);
  }

  load(bytes: Uint8Array): void {
    const value = IDL.decode([Snapshot], new Uint8Array(bytes))[0] as unknown as SnapshotValue;
    this.#state = new LedgerState(ICRC_BLOCK_FORMAT);
    restoreSnapshot(this.#state, value.ledger);
    this.#created = new Map(value.created.map(([index, id]) => [Number(index), id]));
    this.#isCertified = value.isCertified;
  }
}
