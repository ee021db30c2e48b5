import { IDL } from '@dfinity/candid';
import { lazy } from '@decent-cloud/kit/candid/lazy-type.ts';
import type { Entry } from '@decent-cloud/kit/store/journal.ts';
import type { Fact } from '../../core/escrow/fact.ts';
import type {
  ConfigEvent,
  Credits,
  EscrowEvent,
  PayeeEvent,
  QuoteEvent,
  TransferEvent,
  TreasuryEvent,
} from '../../core/events.ts';
import type { Purpose } from '../../core/transfers/transfer.ts';
import { account, settings, token } from './config-wire.ts';
import { endCause } from './escrow-wire.ts';
import { quote } from './quote-wire.ts';
import { frozenArgs, party } from './transfer-wire.ts';
import {
  bool,
  count,
  int,
  literals,
  nanoseconds,
  nat,
  nat32,
  optional,
  principal,
  unread,
} from '@decent-cloud/kit/wire/wire.ts';
import { record, text, union, type Wire, type WireArms } from '@decent-cloud/kit/wire/wire.ts';

const escrowId = count;
const transferId = count;
const notBefore = nanoseconds;
const side = literals<'payer' | 'provider'>(['payer', 'provider']);
const credits = record<Credits>({ payer: nat, provider: nat, author: nat, platform: nat });

const configArms: WireArms<ConfigEvent> = {
  'token-configured': { by: principal, config: token },
  'settings-changed': { by: principal, settings },
  'ledger-fee-observed': { ledger: principal, fee: nat },
  'platform-audited': { ledger: principal, surplus: int },
};

const quoteArms: WireArms<QuoteEvent> = {
  quoted: { quote },
  'quote-lapsed': { escrowId, why: literals(['expired', 'superseded']) },
};

const fact = union<Exclude<Fact, { kind: 'ended' }>>({
  started: { at: nanoseconds },
  paused: { at: nanoseconds },
  resumed: { at: nanoseconds },
  outage: { from: nanoseconds, to: nanoseconds },
  unproven: { unknownPpm: nat32 },
});

const escrowArms: WireArms<EscrowEvent> = {
  'fact-reported': { escrowId, seq: count, fact },
  ended: { escrowId, seq: optional(count), endAt: nanoseconds, cause: endCause, credits },
  released: { escrowId, credits, nextReleaseAt: optional(nanoseconds) },
  finalised: { escrowId, credits },
  'payouts-deferred': { escrowId, until: nanoseconds },
  'dust-kept': { escrowId, party, amount: nat },
  'escrow-closed': { escrowId },
  'dispute-opened': {
    escrowId,
    by: side,
    frozen: nat,
    deadlineAt: nanoseconds,
    reason: text,
  },
  'dispute-agreed': { escrowId, by: side, payerPart: nat },
  'dispute-decided': {
    escrowId,
    how: literals(['arbiter', 'agreement', 'default']),
    endAt: nanoseconds,
    credits,
  },
  'escrow-audited': { escrowId, surplus: optional(int) },
};

const outgoing = union<Exclude<Purpose, { kind: 'deposit' }>>({
  payout: { escrowId, party },
  'fee-withdrawal': {},
});
const move = { from: account, to: account, amount: nat, fee: nat, scanFrom: nat };

const transferArms: WireArms<TransferEvent> = {
  'deposit-planned': { transferId, escrowId, ...move, exposureUsdE8: nat },
  'transfer-planned': {
    transferId,
    purpose: outgoing,
    ledger: principal,
    ...move,
    feeFromPayee: nat,
  },
  'transfer-sent': { transferId, args: frozenArgs },
  'transfer-resent': { transferId },
  'transfer-retry': { transferId, isUnknown: bool, problem: text, notBefore },
  'transfer-reconciling': { transferId, problem: text, notBefore },
  'transfer-replanned': {
    transferId,
    amount: nat,
    fee: nat,
    feeFromPayee: nat,
    scanFrom: nat,
    problem: text,
    notBefore,
  },
  'transfer-paid': {
    transferId,
    block: optional(nat),
    how: literals(['reply', 'duplicate', 'found', 'balance', 'resolved']),
    usdE8: optional(nat),
  },
  'transfer-failed': { transferId, reason: text },
  'transfer-parked': { transferId, reason: text },
};

const payeeArms: WireArms<PayeeEvent> = {
  'payout-account-requested': { owner: principal, account, effectiveAt: nanoseconds },
  'payout-account-cancelled': { owner: principal },
  'payouts-paused': { owner: principal, until: nanoseconds },
  'payouts-resumed': { owner: principal },
};

const event = union<TreasuryEvent>({
  ...configArms,
  ...quoteArms,
  ...escrowArms,
  ...transferArms,
  ...payeeArms,
});

/** `opt`, so that an older client reads `null` for an event that it does not know. */
export const journalEntry: Wire<Entry<TreasuryEvent>> = {
  type: lazy(() => IDL.Record({ at_ns: IDL.Nat64, event: IDL.Opt(event.type) })),
  to: (entry) => ({ at_ns: entry.at, event: [event.to(entry.event)] }),
  from: unread,
};
