import { Principal } from '@dfinity/principal';
import type { TokenUnits, UsdE8 } from '@decent-cloud/domain/amount.ts';
import { ok, type Result } from '@decent-cloud/domain/result.ts';
import { timestampNs } from '@decent-cloud/domain/time.ts';
import type { CallFailure, CallRequest } from '@decent-cloud/kit/runtime/runtime.port.ts';
import { FakeMemories } from '@decent-cloud/kit/testing/memories.fake.ts';
import { FakeRuntime, FakeTimers } from '@decent-cloud/kit/testing/runtime.fake.ts';
import type { Account } from '../core/account.ts';
import { escrowAccount } from '../core/accounts.ts';
import type { Party } from '../core/escrow/escrow.ts';
import { planPayout as payoutAmounts } from '../core/escrow/payout-plan.ts';
import type { Credits, TreasuryEvent } from '../core/events.ts';
import type { EscrowId, TransferId } from '../core/ids.ts';
import type { Transfer } from '../core/transfers/transfer.ts';
import { recordEvent } from '../flows/record-event.flow.ts';
import { planDeposit, planPayout } from '../flows/transfers/plan-transfer.flow.ts';
import { transferMemory, type TransferCanister } from '../flows/transfers/transfer-canister.ts';
import { openStorage } from '../storage/treasury-storage.ts';
import { keyOf } from './model-block.fake.ts';
import { ModelLedger } from './model-ledger.fake.ts';
import { quoteOf } from './quote.fake.ts';
import { T0 } from './transfer.fake.ts';

type Outcome = Result<Uint8Array, CallFailure>;
/** Answers one call; `execute` lets the ledger process it. */
type Twist = (execute: () => Outcome) => Outcome | Promise<Outcome>;

const SELF = Principal.fromUint8Array(Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 9, 1, 1));
const LEDGER = Principal.fromUint8Array(Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 2, 1, 1));
const ARCHIVE = Principal.fromUint8Array(Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 3, 1, 1));
const ESCROW = 0 as EscrowId;

/** One escrow and a ledger that answers at once, except where a test says otherwise. */
export class QuietWorld {
  readonly ledger = new ModelLedger({
    id: LEDGER,
    archiveId: ARCHIVE,
    fee: 10_000n,
    blockForm: 'op',
  });
  readonly runtime = new FakeRuntime();
  readonly timers = new FakeTimers();
  readonly calls: CallRequest[] = [];
  /** What happens to the next calls, one after another. */
  readonly twists: Twist[] = [];
  readonly controller = Principal.fromUint8Array(Uint8Array.of(7, 7));
  readonly payee: Account = {
    ...{ owner: Principal.fromUint8Array(Uint8Array.of(5, 5)), subaccount: undefined },
  };
  readonly #memories = new FakeMemories();
  canister: TransferCanister;

  constructor(options: { readonly hasIcrc3Blocks?: boolean; readonly priceE8?: bigint } = {}) {
    const { hasIcrc3Blocks = true, priceE8 } = options;
    this.runtime.now = T0;
    this.runtime.selfId = SELF;
    this.runtime.controllers = [this.controller];
    this.runtime.callerNow = this.controller;
    this.runtime.answerCall = (request) => this.#answer(request);
    this.canister = this.#start(priceE8);
    const fee = 10_000n as TokenUnits;
    const config = { ledger: LEDGER, symbol: 'TEST', decimals: 8, fee, hasIcrc3Blocks };
    const rest = { isEnabled: true, minPayout: 1n as TokenUnits };
    this.record({ kind: 'token-configured', by: this.controller, config: { ...config, ...rest } });
    const quote = quoteOf({ id: ESCROW, ledger: LEDGER, now: T0 });
    this.record({ kind: 'quoted', quote });
    const payer = this.keyOf({ owner: quote.terms.payer, subaccount: undefined });
    this.ledger.mint(payer, 10n * quote.amount, T0);
    this.ledger.approve({ from: payer, spender: SELF, amount: quote.amount + 10_000n });
  }

  get escrowAccount(): Account {
    return escrowAccount(SELF, ESCROW);
  }

  get methods(): string[] {
    return this.calls.map(({ method }) => method);
  }

  keyOf({ owner, subaccount }: Account): string {
    return keyOf({ owner, subaccount: subaccount === undefined ? [] : [subaccount] });
  }

  balanceOf(account: Account): bigint {
    return this.ledger.balanceOf(this.keyOf(account));
  }

  transfer(id: TransferId): Transfer {
    const transfer = this.canister.storage.transfers.get(id);
    if (transfer === undefined) throw new Error('no such transfer');
    return transfer;
  }

  advance(byNs: bigint): void {
    this.runtime.now = timestampNs(this.runtime.now + byNs);
  }

  upgrade(): void {
    this.canister = this.#start();
  }

  record(event: TreasuryEvent): void {
    recordEvent(this.canister.storage, { at: this.runtime.now, event });
  }

  /** Planned, not sent. */
  planDeposit(): TransferId {
    const quote = quoteOf({ id: ESCROW, ledger: LEDGER, now: T0 });
    return planDeposit(this.canister, {
      ...{ escrowId: ESCROW, ledger: LEDGER, amount: quote.amount },
      fee: this.canister.storage.tokens.get(LEDGER)?.fee ?? (0n as TokenUnits),
      from: { owner: quote.terms.payer, subaccount: undefined },
      ...{ to: this.escrowAccount, exposureUsdE8: 1n as UsdE8 },
    });
  }

  /** Decides the whole deposit: `platform` of it is the platform's, the rest the provider's. */
  end(platform: bigint): void {
    const rest = 100_000_000n - platform;
    const credits = { payer: 0n, provider: rest, author: 0n, platform } as Credits;
    const ended = { kind: 'ended', escrowId: ESCROW, seq: undefined } as const;
    this.record({ ...ended, endAt: this.runtime.now, cause: 'not-provisioned', credits });
  }

  /** Planned, not sent. */
  planPayout(party: Party = 'provider', to: Account = this.payee): TransferId {
    const { storage } = this.canister;
    const escrow = storage.escrows.get(ESCROW);
    const fee = storage.tokens.get(LEDGER)?.fee;
    const isKnown = escrow !== undefined && fee !== undefined;
    const terms = isKnown ? payoutAmounts({ escrow, party, fee }) : undefined;
    if (terms === undefined) throw new Error('nothing to pay');
    const from = this.escrowAccount;
    return planPayout(this.canister, { escrowId: ESCROW, party, ledger: LEDGER, from, to, terms });
  }

  async #answer(request: CallRequest): Promise<Outcome> {
    this.calls.push(request);
    const call = { caller: SELF, nowNs: this.runtime.now };
    const execute = () => ok(this.ledger.handle(request, call));
    const twist = this.twists.shift();
    return twist === undefined ? execute() : twist(execute);
  }

  #start(priceE8?: bigint): TransferCanister {
    return {
      ...{ runtime: this.runtime, timers: this.timers, memory: transferMemory() },
      storage: openStorage(this.#memories.open),
      priceHint: () => priceE8 as UsdE8 | undefined,
    };
  }
}
