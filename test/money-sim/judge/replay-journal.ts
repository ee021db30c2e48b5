import type { TreasuryEvent } from '../../../dist/canisters/treasury/declarations/treasury.did.ts';
import {
  DISPUTE_NS,
  EscrowModel,
  FACTS_GRACE_NS,
  min,
  PARTIES,
  type Amounts,
  type PartyName,
} from './escrow-model.ts';
import type { Evidence, JournalEntry } from './evidence.ts';
import { keyOf } from './journalled-transfers.ts';
import { escrowAccountOf, platformAccountOf } from './treasury-accounts.ts';
import { accountKey } from '@decent-cloud/localnet/system/ledger/core/account.ts';

/** One escrow as the journal's order of events makes it, every amount computed anew. */
export interface ReplayedEscrow {
  readonly model: EscrowModel;
  phase: 'quoted' | 'depositing' | 'funded' | 'running' | 'ended' | 'closed' | 'lapsed';
  isFinal: boolean;
  facts: bigint;
  /** Where the deposit came from, and refunds go to. */
  refundTo: string | undefined;
  dispute: { readonly deadlineNs: bigint } | undefined;
  live:
    | {
        readonly id: bigint;
        party: PartyName | 'deposit';
        amount: bigint;
        ownFee: bigint;
        fee: bigint;
      }
    | undefined;
  /** A payee who is paused held payouts up, last seen. */
  deferredUntilNs: bigint | undefined;
}

type EventOf<Kind extends string> = Extract<TreasuryEvent, Record<Kind, unknown>>[Kind &
  keyof Extract<TreasuryEvent, Record<Kind, unknown>>];

/**
 * Follows the journal. From it come only the order, the times and what the treasury chose to do; what
 * that means in tokens comes from the model, and what rental, arbiter and parties said comes from what
 * the simulation was answered. Whatever differs is a trouble.
 */
export class JournalReplay {
  readonly escrows = new Map<bigint, ReplayedEscrow>();
  readonly troubles: string[] = [];
  /** What is in the platform's own account, by ledger. */
  readonly collected = new Map<string, bigint>();
  readonly #evidence: Evidence;
  readonly #transfers = new Map<bigint, bigint | undefined>();
  readonly #withdrawals = new Map<bigint, { ledger: string; taken: bigint }>();

  constructor(evidence: Evidence) {
    this.#evidence = evidence;
    for (const entry of evidence.journal) this.#follow(entry);
  }

  #follow(entry: JournalEntry): void {
    const [[kind, body]] = Object.entries(entry.event) as [[string, Record<string, unknown>]];
    const { escrow_id: id, transfer_id: transferId } = body as {
      escrow_id?: bigint;
      transfer_id?: bigint;
    };
    if ('Quoted' in entry.event) return this.#quoted(entry.event.Quoted);
    if ('TransferPlanned' in entry.event)
      return this.#payoutPlanned(entry, entry.event.TransferPlanned);
    const escrowId = id ?? (transferId === undefined ? undefined : this.#transfers.get(transferId));
    if (escrowId === undefined) return this.#withdrawal(entry);
    const escrow = this.escrows.get(escrowId);
    if (escrow === undefined)
      return this.#tell(escrowId, `${kind} for a quote that nobody was given`);
    this.#step(escrowId, escrow, entry);
  }

  #tell(id: bigint, text: string): void {
    this.troubles.push(`escrow ${id}: ${text}`);
  }

  #quoted({ quote }: EventOf<'Quoted'>): void {
    const known = this.#evidence.known.escrows.get(quote.id);
    // A quote whose answer was lost with a forced upgrade is nobody's; it can only lapse.
    const model = new EscrowModel(known ?? unknownEscrow(quote));
    const ledger = this.#evidence.ledgers.find(
      ({ ledgerId }) => ledgerId.compareTo(quote.terms.ledger) === 'eq',
    );
    const scaled = quote.terms.total_usd_e8 * 10n ** BigInt(ledger?.decimals ?? 0);
    const price = quote.token_price_usd_e8;
    const prices = this.#evidence.known.prices.get(quote.terms.ledger.toText());
    if (prices?.has(price) !== true) this.#tell(quote.id, `nobody named the price ${price}`);
    if (quote.amount !== (scaled + price - 1n) / price) this.#tell(quote.id, 'the amount is wrong');
    if (known !== undefined && known.quote.amount !== quote.amount)
      this.#tell(quote.id, 'another amount');
    this.escrows.set(quote.id, {
      ...{ model, phase: 'quoted', isFinal: false, facts: 0n },
      ...{ dispute: undefined, live: undefined, refundTo: undefined, deferredUntilNs: undefined },
    });
  }

  #step(id: bigint, escrow: ReplayedEscrow, { event, atNs }: JournalEntry): void {
    if ('DepositPlanned' in event) this.#depositPlanned(id, escrow, event.DepositPlanned, atNs);
    else if ('TransferReplanned' in event) this.#replanned(id, escrow, event.TransferReplanned);
    else if ('TransferPaid' in event) this.#paid(id, escrow, atNs);
    else if ('TransferFailed' in event) this.#failed(id, escrow);
    else if ('FactReported' in event) this.#fact(id, escrow, event.FactReported, atNs);
    else if ('Ended' in event) this.#ended(id, escrow, event.Ended, atNs);
    else if ('Released' in event) this.#released(id, escrow, event.Released, atNs);
    else if ('Finalised' in event) this.#finalised(id, escrow, event.Finalised, atNs);
    else if ('DisputeOpened' in event) this.#disputeOpened(id, escrow, event.DisputeOpened, atNs);
    else if ('DisputeDecided' in event) this.#decided(id, escrow, event.DisputeDecided, atNs);
    else if ('DustKept' in event) this.#dust(id, escrow, event.DustKept);
    else if ('PayoutsDeferred' in event) escrow.deferredUntilNs = event.PayoutsDeferred.until_ns;
    else if ('EscrowClosed' in event) this.#closed(id, escrow);
    else if ('QuoteLapsed' in event) this.#lapsed(id, escrow);
  }

  #lapsed(id: bigint, escrow: ReplayedEscrow): void {
    if (escrow.phase !== 'quoted') this.#tell(id, `lapsed when ${escrow.phase}`);
    escrow.phase = 'lapsed';
  }

  #depositPlanned(
    id: bigint,
    escrow: ReplayedEscrow,
    plan: EventOf<'DepositPlanned'>,
    atNs: bigint,
  ): void {
    const { quote, sources } = escrow.model.known;
    if (escrow.phase !== 'quoted') this.#tell(id, `a deposit is planned when ${escrow.phase}`);
    if (atNs >= quote.expires_at_ns) this.#tell(id, 'paid after the quote expired');
    if (plan.amount !== quote.amount) this.#tell(id, `a deposit of ${plan.amount} is planned`);
    const own = accountKey(escrowAccountOf(this.#evidence.treasury, id));
    if (keyOf(plan.to) !== own) this.#tell(id, 'the deposit goes elsewhere');
    if (!sources.some((one) => keyOf(one) === keyOf(plan.from)))
      this.#tell(id, 'taken from nobody');
    escrow.phase = 'depositing';
    escrow.live = {
      id: plan.transfer_id,
      party: 'deposit',
      amount: plan.amount,
      ownFee: 0n,
      fee: plan.fee,
    };
    this.#transfers.set(plan.transfer_id, id);
    escrow.refundTo = keyOf(plan.from);
  }

  #payoutPlanned({ seq, atNs }: JournalEntry, plan: EventOf<'TransferPlanned'>): void {
    const ledger = plan.ledger.toText();
    if (!('Payout' in plan.purpose)) {
      this.#withdrawals.set(plan.transfer_id, { ledger, taken: plan.amount + plan.fee });
      return;
    }
    const { escrow_id: id } = plan.purpose.Payout;
    const party = partyName(plan.purpose.Payout.party);
    const escrow = this.escrows.get(id);
    this.#transfers.set(plan.transfer_id, id);
    if (escrow === undefined) return this.#tell(id, 'a payout of nothing');
    if (escrow.live !== undefined) this.#tell(id, `two transfers at once, event ${seq}`);
    const expected = escrow.model.payout(party, plan.fee);
    if (plan.amount !== expected.amount || plan.fee_from_payee !== expected.ownFee) {
      this.#tell(
        id,
        `${party} gets ${plan.amount} (fee ${plan.fee_from_payee}), due are ${expected.amount} (${expected.ownFee})`,
      );
    }
    this.#checkFee(id, ledger, plan.fee);
    this.#checkReceiver(id, escrow, party, keyOf(plan.to), atNs);
    escrow.live = {
      id: plan.transfer_id,
      party,
      amount: expected.amount,
      ownFee: expected.ownFee,
      fee: plan.fee,
    };
  }

  #checkFee(id: bigint, ledger: string, fee: bigint): void {
    const fees = this.#evidence.known.fees.get(ledger);
    if (fees?.has(fee) !== true) this.#tell(id, `no ledger ever took a fee of ${fee}`);
  }

  #checkReceiver(
    id: bigint,
    escrow: ReplayedEscrow,
    party: PartyName,
    to: string,
    atNs: bigint,
  ): void {
    const { provider, author } = escrow.model.terms;
    const allowed = new Set<string>();
    if (party === 'platform') allowed.add(accountKey(platformAccountOf(this.#evidence.treasury)));
    if (party === 'payer' && escrow.refundTo !== undefined) allowed.add(escrow.refundTo);
    const owner = party === 'provider' ? provider : party === 'author' ? author[0] : undefined;
    if (owner !== undefined) {
      const changes = this.#evidence.known.accountChanges.filter(
        (one) => one.owner.compareTo(owner) === 'eq' && one.effectiveAtNs <= atNs,
      );
      allowed.add(keyOf(changes.at(-1)?.account ?? { owner, subaccount: [] }));
    }
    if (!allowed.has(to)) this.#tell(id, `${party} is paid to ${to}`);
  }

  #replanned(id: bigint, escrow: ReplayedEscrow, plan: EventOf<'TransferReplanned'>): void {
    const { live } = escrow;
    if (live === undefined || live.party === 'deposit')
      return this.#tell(id, 'nothing to plan again');
    const { amount, ownFee } = escrow.model.payout(live.party, plan.fee);
    if (plan.amount !== amount || plan.fee_from_payee !== ownFee) {
      this.#tell(id, `planned again with ${plan.amount}, due are ${amount}`);
    }
    escrow.live = { ...live, amount, ownFee, fee: plan.fee };
  }

  #paid(id: bigint, escrow: ReplayedEscrow, atNs: bigint): void {
    const { live, model } = escrow;
    if (live === undefined) return this.#tell(id, 'paid without a plan');
    escrow.live = undefined;
    if (live.party === 'deposit') {
      model.deposited = live.amount;
      model.course.fundedAtNs = atNs;
      escrow.phase = 'funded';
      return;
    }
    model.paid[live.party] += live.amount;
    model.fees[live.party] += live.ownFee;
    model.fees.platform += live.party === 'platform' ? 0n : live.fee - live.ownFee;
    if (live.party !== 'platform') return;
    const ledger = model.terms.ledger.toText();
    this.collected.set(ledger, (this.collected.get(ledger) ?? 0n) + live.amount);
  }

  #failed(id: bigint, escrow: ReplayedEscrow): void {
    if (escrow.live === undefined) return this.#tell(id, 'failed without a plan');
    if (escrow.live.party === 'deposit') {
      escrow.phase = 'quoted';
    }
    escrow.live = undefined;
  }

  #withdrawal({ event }: JournalEntry): void {
    if ('TransferReplanned' in event) {
      const plan = event.TransferReplanned;
      const withdrawal = this.#withdrawals.get(plan.transfer_id);
      if (withdrawal !== undefined) withdrawal.taken = plan.amount + plan.fee;
    }
    if (!('TransferPaid' in event)) return;
    const withdrawal = this.#withdrawals.get(event.TransferPaid.transfer_id);
    if (withdrawal === undefined) return;
    const left = (this.collected.get(withdrawal.ledger) ?? 0n) - withdrawal.taken;
    if (left < 0n) this.troubles.push('more was withdrawn than the platform had');
    this.collected.set(withdrawal.ledger, left);
  }

  #fact(id: bigint, escrow: ReplayedEscrow, { seq }: EventOf<'FactReported'>, atNs: bigint): void {
    const fact = this.#nextFact(id, escrow, seq);
    if (fact === undefined) return;
    const isStart = 'Started' in fact;
    if (escrow.phase !== (isStart ? 'funded' : 'running'))
      this.#tell(id, `fact ${seq} when ${escrow.phase}`);
    const wrong = escrow.model.fact(fact, atNs);
    if (wrong !== undefined) this.#tell(id, `fact ${seq} was taken, and ${wrong}`);
    if (isStart) escrow.phase = 'running';
  }

  #nextFact(id: bigint, escrow: ReplayedEscrow, seq: bigint) {
    if (seq !== escrow.facts + 1n) this.#tell(id, `fact ${seq} after ${escrow.facts}`);
    escrow.facts = seq;
    const fact = escrow.model.known.facts.get(seq);
    if (fact === undefined)
      this.#tell(id, `fact ${seq} was never confirmed to the rental canister`);
    return fact;
  }

  #ended(id: bigint, escrow: ReplayedEscrow, event: EventOf<'Ended'>, atNs: bigint): void {
    const { model, phase } = escrow;
    const [cause = ''] = Object.keys(event.cause);
    const due = this.#dueEnd(id, escrow, event, atNs);
    if (due === undefined) return;
    if (event.end_at_ns !== due.endAtNs)
      this.#tell(id, `ended at ${event.end_at_ns}, not ${due.endAtNs}`);
    if (cause !== due.cause) this.#tell(id, `ended because of ${cause}, not ${due.cause}`);
    if (phase !== 'funded' && phase !== 'running') this.#tell(id, `ended when ${phase}`);
    this.#credit(
      id,
      model,
      model.end(due.endAtNs, due.cause, escrow.dispute !== undefined),
      event.credits,
    );
    escrow.phase = 'ended';
    escrow.isFinal = model.undecided === 0n;
  }

  #dueEnd(id: bigint, escrow: ReplayedEscrow, event: EventOf<'Ended'>, atNs: bigint) {
    const { model, phase } = escrow;
    const [seq] = event.seq;
    if (seq === undefined) {
      const isRunning = phase === 'running';
      const funded = model.course.fundedAtNs ?? 0n;
      const endAtNs = isRunning ? model.termEndNs : funded + model.terms.provision_within_ns;
      const dueAtNs = isRunning ? endAtNs + FACTS_GRACE_NS : endAtNs;
      if (atNs < dueAtNs) this.#tell(id, 'ended before its time');
      return { endAtNs, cause: isRunning ? 'TermEnded' : 'NotProvisioned' };
    }
    const fact = this.#nextFact(id, escrow, seq);
    if (fact === undefined || !('Ended' in fact)) return undefined;
    const { at_ns: reported, cause: because } = fact.Ended;
    if (reported > atNs) this.#tell(id, 'it ended in the future');
    const [cause = ''] = Object.keys(because);
    if (phase !== 'running') return { endAtNs: reported, cause };
    const isOver = reported >= model.termEndNs;
    return { endAtNs: min(reported, model.termEndNs), cause: isOver ? 'TermEnded' : cause };
  }

  #released(id: bigint, escrow: ReplayedEscrow, event: EventOf<'Released'>, atNs: bigint): void {
    if (escrow.dispute !== undefined) this.#tell(id, 'released in a dispute');
    if (escrow.phase !== 'running') this.#tell(id, `released when ${escrow.phase}`);
    this.#credit(id, escrow.model, escrow.model.released(atNs), event.credits);
  }

  #finalised(id: bigint, escrow: ReplayedEscrow, event: EventOf<'Finalised'>, atNs: bigint): void {
    const { model } = escrow;
    const endAtNs = model.course.endAtNs ?? atNs;
    if (escrow.phase !== 'ended' || atNs < endAtNs + model.finalAfterNs)
      this.#tell(id, 'final too early');
    if (escrow.dispute !== undefined) this.#tell(id, 'final in a dispute');
    this.#credit(id, model, model.finalised(), event.credits);
    escrow.isFinal = true;
  }

  #disputeOpened(
    id: bigint,
    escrow: ReplayedEscrow,
    event: EventOf<'DisputeOpened'>,
    atNs: bigint,
  ): void {
    const { model } = escrow;
    if (model.known.disputesOpened.length === 0) this.#tell(id, 'nobody opened a dispute');
    if (event.frozen !== model.undecided)
      this.#tell(id, `${event.frozen} frozen, not ${model.undecided}`);
    if (event.deadline_at_ns !== atNs + DISPUTE_NS) this.#tell(id, 'another deadline');
    escrow.dispute = { deadlineNs: event.deadline_at_ns };
  }

  #decided(
    id: bigint,
    escrow: ReplayedEscrow,
    event: EventOf<'DisputeDecided'>,
    atNs: bigint,
  ): void {
    const { model, dispute } = escrow;
    if (dispute === undefined) return this.#tell(id, 'decided without a dispute');
    escrow.dispute = undefined;
    if ('Default' in event.how) {
      if (atNs < dispute.deadlineNs) this.#tell(id, 'decided by default before its time');
      this.#credit(id, model, model.decidedByDefault(dispute.deadlineNs).credits, event.credits);
    } else {
      const part = this.#partFor(id, escrow, event);
      if (part !== undefined) this.#credit(id, model, model.decided(part), event.credits);
    }
    escrow.phase = 'ended';
    escrow.isFinal = true;
  }

  #partFor(
    id: bigint,
    { model }: ReplayedEscrow,
    event: EventOf<'DisputeDecided'>,
  ): bigint | undefined {
    const { agreements, decisions } = model.known;
    if ('Arbiter' in event.how) {
      if (decisions.length !== 1) this.#tell(id, `the arbiter decided ${decisions.length} times`);
      return decisions[0];
    }
    const part = agreements.get('Payer');
    if (part === undefined || part !== agreements.get('Provider'))
      this.#tell(id, 'they did not agree');
    return part;
  }

  #dust(id: bigint, { model, isFinal }: ReplayedEscrow, event: EventOf<'DustKept'>): void {
    const party = partyName(event.party);
    const open = model.open(party);
    if (event.amount !== open || !isFinal)
      this.#tell(id, `dust of ${event.amount}, open are ${open}`);
    const fees = [...(this.#evidence.known.fees.get(model.terms.ledger.toText()) ?? [])];
    const isDust = fees.some((fee) => model.payout(party, fee).amount <= 0n);
    if (!isDust) this.#tell(id, `${open} for ${party} are not dust`);
    model.credited[party] -= open;
    model.credited.platform += open;
  }

  #closed(id: bigint, escrow: ReplayedEscrow): void {
    const unpaid = PARTIES.filter((one) => one !== 'platform' && escrow.model.open(one) !== 0n);
    if (unpaid.length > 0) this.#tell(id, `closed, and ${unpaid.join(', ')} not paid`);
    if (!escrow.isFinal || escrow.live !== undefined) this.#tell(id, 'closed too early');
    escrow.phase = 'closed';
  }

  #credit(id: bigint, model: EscrowModel, due: Amounts, claimed: Amounts): void {
    model.credit(due);
    const differs = PARTIES.filter((party) => due[party] !== claimed[party]);
    for (const party of differs) {
      this.#tell(id, `${party} is credited ${claimed[party]}, due are ${due[party]}`);
    }
  }
}

function partyName(party: Record<string, null>): PartyName {
  const name = Object.keys(party)[0]?.toLowerCase();
  const found = PARTIES.find((one) => one === name);
  if (found === undefined) throw new Error(`BUG: no party ${name ?? ''}`);
  return found;
}

function unknownEscrow(quote: EventOf<'Quoted'>['quote']): EscrowModel['known'] {
  return {
    ...{ quote, facts: new Map(), disputesOpened: [], agreements: new Map(), decisions: [] },
    ...{ sources: [], receipts: [] },
  };
}
