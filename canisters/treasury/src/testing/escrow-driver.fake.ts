import { Principal } from '@dfinity/principal';
import type { TokenUnits } from '@decent-cloud/domain/amount.ts';
import type { Account } from '../core/account.ts';
import { escrowAccount, platformAccount } from '../core/accounts.ts';
import type { Escrow, Party } from '../core/escrow/escrow.ts';
import { openOf, PARTIES } from '../core/escrow/party-book.ts';
import { planPayout as payoutAmounts } from '../core/escrow/payout-plan.ts';
import type { Credits } from '../core/events.ts';
import type { EscrowId, TransferId } from '../core/ids.ts';
import { recordEvent } from '../flows/record-event.flow.ts';
import { planDeposit, planPayout } from '../flows/transfers/plan-transfer.flow.ts';
import { planFeeWithdrawal } from '../flows/transfers/plan-withdrawal.flow.ts';
import type { TransferCanister } from '../flows/transfers/transfer-canister.ts';
import { keyOf } from './model-block.fake.ts';
import type { ModelLedger } from './model-ledger.fake.ts';
import type { SeededRandom } from './seeded-random.fake.ts';

const MAX_DEPOSITS = 3;

interface DriverParts {
  readonly random: SeededRandom;
  readonly ledger: ModelLedger;
  readonly self: Principal;
  /** Runs the machine for a transfer that was just planned. */
  readonly run: (id: TransferId) => void;
}

/** Payers who pay, facts that end escrows at random, payouts one after another, a withdrawal. */
export class EscrowDriver {
  readonly #parts: DriverParts;
  readonly #deposits = new Map<EscrowId, number>();
  #isWithdrawn = false;

  constructor(parts: DriverParts) {
    this.#parts = parts;
  }

  /** Does what can be done next. True if there was something. */
  drive(canister: TransferCanister, escrowIds: readonly EscrowId[]): boolean {
    const isMoved = escrowIds.map((id) => this.#driveEscrow(canister, id)).includes(true);
    return this.#withdraw(canister, escrowIds) || isMoved;
  }

  #driveEscrow(canister: TransferCanister, id: EscrowId): boolean {
    const { runtime, storage } = canister;
    const escrow = storage.escrows.get(id);
    if (escrow === undefined || escrow.liveTransfer !== undefined) return false;
    if (escrow.phase.kind === 'quoted') return this.#deposit(canister, id);
    if (escrow.phase.kind === 'ended') return this.#payout(canister, escrow);
    if (escrow.phase.kind !== 'funded') return false;
    const credits = this.#credits(escrow.deposited);
    const at = runtime.time();
    const ended = {
      kind: 'ended',
      escrowId: id,
      seq: undefined,
      cause: 'not-provisioned',
    } as const;
    recordEvent(storage, { at, event: { ...ended, endAt: at, credits } });
    return true;
  }

  #deposit(canister: TransferCanister, id: EscrowId): boolean {
    const { ledger, random, self, run } = this.#parts;
    const { storage } = canister;
    const deposits = this.#deposits.get(id) ?? 0;
    const quote = storage.quotes.get(id);
    const fee = storage.tokens.get(ledger.id)?.fee;
    if (deposits >= MAX_DEPOSITS || quote === undefined || fee === undefined) return false;
    this.#deposits.set(id, deposits + 1);
    const { amount, terms } = quote;
    const from = { owner: terms.payer, subaccount: undefined };
    const allowed = amount + fee - (random.isOneIn(8) ? 1n : 0n);
    ledger.approve({ from: accountKey(from), spender: self, amount: allowed });
    const plan = {
      escrowId: id,
      ledger: ledger.id,
      from,
      to: escrowAccount(self, id),
      amount,
      fee,
    };
    run(planDeposit(canister, { ...plan, exposureUsdE8: terms.totalUsdE8 }));
    return true;
  }

  #payout(canister: TransferCanister, escrow: Escrow): boolean {
    const { ledger, self, run } = this.#parts;
    const fee = canister.storage.tokens.get(ledger.id)?.fee;
    if (fee === undefined) return false;
    for (const party of PARTIES) {
      if (openOf(escrow.books[party]) === 0n) continue;
      const terms = payoutAmounts({ escrow, party, fee });
      if (terms === undefined) continue;
      const from = escrowAccount(self, escrow.id);
      const to = party === 'platform' ? platformAccount(self) : receiverOf(escrow.id, party);
      const request = { escrowId: escrow.id, party, ledger: ledger.id, from, to, terms };
      run(planPayout(canister, request));
      return true;
    }
    return false;
  }

  /** Once, when all escrows have paid the platform. */
  #withdraw(canister: TransferCanister, escrowIds: readonly EscrowId[]): boolean {
    const areOver = escrowIds.every((id) => {
      const escrow = canister.storage.escrows.get(id);
      return escrow?.phase.kind === 'ended' && escrow.liveTransfer === undefined;
    });
    if (!areOver || this.#isWithdrawn) return false;
    const to = { owner: Principal.fromUint8Array(Uint8Array.of(6)), subaccount: undefined };
    const { id: ledger } = this.#parts.ledger;
    const planned = planFeeWithdrawal(canister, { ledger, to, amount: undefined });
    if (planned.kind === 'err') return false;
    this.#isWithdrawn = true;
    this.#parts.run(planned.value);
    return true;
  }

  #credits(deposited: TokenUnits): Credits {
    const share = (of: bigint) => (of * BigInt(this.#parts.random.below(101))) / 100n;
    const payer = share(deposited);
    const author = share(deposited - payer);
    const platform = share(deposited - payer - author);
    const provider = deposited - payer - author - platform;
    return { payer, provider, author, platform } as Credits;
  }
}

/** Whom a party is paid to. */
export function receiverOf(id: EscrowId, party: Party): Account {
  const owner = Principal.fromUint8Array(Uint8Array.of(5, id, PARTIES.indexOf(party)));
  return { owner, subaccount: undefined };
}

/** The model ledger's name of an account. */
export function accountKey({ owner, subaccount }: Account): string {
  return keyOf({ owner, subaccount: subaccount === undefined ? [] : [subaccount] });
}
