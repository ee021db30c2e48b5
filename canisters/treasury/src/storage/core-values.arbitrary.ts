import { Principal } from '@dfinity/principal';
import * as fc from 'fast-check';
import type { BasisPoints, TokenUnits, UsdE8 } from '@decent-cloud/domain/amount.ts';
import type { RentalId } from '@decent-cloud/domain/ids.ts';
import type { DurationNs, TimestampNs } from '@decent-cloud/domain/time.ts';
import type { Account } from '../core/account.ts';
import type { Dispute, EndCause, Escrow, Party, Phase } from '../core/escrow/escrow.ts';
import type { Fact } from '../core/escrow/fact.ts';
import type { Credits, TreasuryEvent } from '../core/events.ts';
import type { EscrowId, TransferId } from '../core/ids.ts';
import type { Payee } from '../core/payees/payee.ts';
import type { Quote } from '../core/quotes/quote.ts';
import type { Settings } from '../core/settings.ts';
import type { TokenBook } from '../core/tokens/token-book.ts';
import type { TokenConfig } from '../core/tokens/token-config.ts';
import type { FrozenArgs, Purpose, Transfer, TransferStatus } from '../core/transfers/transfer.ts';

const nat64 = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
const nat = fc.bigInt({ min: 0n, max: 2n ** 128n });
const counter = fc.nat({ max: Number.MAX_SAFE_INTEGER });
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });

const units = nat as fc.Arbitrary<TokenUnits>;
const usd = nat as fc.Arbitrary<UsdE8>;
const time = nat64 as fc.Arbitrary<TimestampNs>;
const duration = nat64 as fc.Arbitrary<DurationNs>;
const bps = fc.nat({ max: 10_000 }) as fc.Arbitrary<BasisPoints>;
const escrowId = counter as fc.Arbitrary<EscrowId>;
const transferId = counter as fc.Arbitrary<TransferId>;
const rentalId = counter as fc.Arbitrary<RentalId>;
const hash = fc.uint8Array({ minLength: 32, maxLength: 32 });
const principal = fc
  .uint8Array({ minLength: 0, maxLength: 29 })
  .map((bytes) => Principal.fromUint8Array(bytes));
const party = fc.constantFrom<Party>('payer', 'provider', 'author', 'platform');
const side = fc.constantFrom<'payer' | 'provider'>('payer', 'provider');
const cause = fc.constantFrom<EndCause>('renter-cancelled', 'not-provisioned', 'dispute-decided');
const reason = fc.string({ unit: 'grapheme', maxLength: 40 });

/** `kind` and the arm's fields. */
function arm<Kind extends string, T extends object>(
  kind: Kind,
  fields: { [Name in keyof T]: fc.Arbitrary<T[Name]> },
) {
  return fc.record<{ kind: Kind } & T>({ kind: fc.constant(kind), ...fields } as never);
}

const account = fc.record<Account>({ owner: principal, subaccount: maybe(hash) });
export const settings = fc.record<Settings>({
  rental: principal,
  arbiter: principal,
  tokenValue: principal,
});
export const token = fc.record<TokenConfig>({
  ledger: principal,
  symbol: fc.string({ maxLength: 12 }),
  decimals: fc.nat({ max: 24 }),
  fee: units,
  minPayout: units,
  hasIcrc3Blocks: fc.boolean(),
  isEnabled: fc.boolean(),
});
export const tokenBook = fc.record<TokenBook>({
  ledger: principal,
  escrow: units,
  owed: units,
  fees: units,
  collected: units,
  booked: units,
  surplus: units,
  shortfall: units,
  platformSurplus: fc.bigInt(),
  platformAuditedAt: maybe(time),
  escrowsAuditedAt: maybe(time),
  livePlatformPayouts: fc.nat(),
  liveWithdrawal: maybe(transferId),
  parkedCount: fc.nat(),
  openEscrowCount: fc.nat(),
  exposure: fc.array(fc.record({ minute: fc.nat(), usdE8: usd }), { maxLength: 60 }),
});
export const quote = fc.record<Quote>({
  id: escrowId,
  terms: fc.record({
    rentalId,
    draftHash: hash,
    payer: principal,
    ledger: principal,
    totalUsdE8: usd,
    termNs: duration,
    provider: principal,
    author: maybe(principal),
    split: fc.record({ platformBps: bps, authorBps: bps }),
    noticeNs: duration,
    provisionWithinNs: duration,
    slaCredits: fc.array(fc.record({ belowPpm: fc.nat(), creditBps: bps }), { maxLength: 5 }),
    providerPenaltyBps: bps,
  }),
  amount: units,
  ledgerFee: units,
  minPayout: units,
  tokenPriceUsdE8: usd,
  priceAt: time,
  sourcesHash: fc.uint8Array({ maxLength: 32 }),
  createdAt: time,
  expiresAt: time,
  reporter: principal,
  arbiter: principal,
});

const phase: fc.Arbitrary<Phase> = fc.oneof(
  arm('quoted', {}),
  arm('lapsed', { at: time }),
  arm('depositing', { transferId }),
  arm('funded', { at: time }),
  arm('running', { startedAt: time }),
  arm('ended', { startedAt: maybe(time), endAt: time, cause, isFinal: fc.boolean() }),
  arm('closed', { at: time, cause }),
);
const partyBook = fc.record({ credited: units, paid: units, fees: units });
const dispute = fc.record<Dispute>({
  openedAt: time,
  openedBy: side,
  deadlineAt: time,
  frozen: units,
  payerAgrees: maybe(units),
  providerAgrees: maybe(units),
});
export const escrow = fc.record<Escrow>({
  id: escrowId,
  phase,
  refundTo: maybe(account),
  deposited: units,
  depositBlock: maybe(nat),
  exclusions: fc.record({
    outageNs: duration,
    pausedNs: duration,
    pausedSince: maybe(time),
    lastTo: time,
  }),
  unprovenPpm: maybe(fc.nat(1_000_000)),
  factSeq: counter,
  books: fc.record({
    payer: partyBook,
    provider: partyBook,
    author: partyBook,
    platform: partyBook,
  }),
  nextReleaseAt: maybe(time),
  dispute: maybe(dispute),
  liveTransfer: maybe(transferId),
  surplus: fc.bigInt({ min: -(2n ** 100n), max: 2n ** 100n }),
  auditedAt: maybe(time),
  auditDueAt: maybe(time),
  payoutsNotBefore: maybe(time),
  dueAt: maybe(time),
});

const args = fc.record<FrozenArgs>({
  generation: fc.nat(),
  createdAt: time,
  memo: hash,
  amount: units,
  fee: units,
});
const outgoing: fc.Arbitrary<Exclude<Purpose, { kind: 'deposit' }>> = fc.oneof(
  arm('payout', { escrowId, party }),
  arm('fee-withdrawal', {}),
);
const attempts = fc.nat();
const status: fc.Arbitrary<TransferStatus> = fc.oneof(
  arm('planned', { notBefore: time, attempts }),
  arm('in-flight', { args, isUnknown: fc.boolean(), attempts }),
  arm('retry', { args, isUnknown: fc.boolean(), attempts, notBefore: time }),
  arm('reconcile', { args, attempts, notBefore: time }),
  arm('paid', { args, block: maybe(nat), at: time, usdE8: maybe(usd) }),
  arm('failed', { at: time, reason }),
  arm('parked', { args, at: time, reason }),
);
export const transfer = fc.record<Transfer>({
  id: transferId,
  purpose: fc.oneof(arm('deposit', { escrowId }), outgoing),
  ledger: principal,
  from: account,
  to: account,
  amount: units,
  feeFromPayee: units,
  fee: units,
  scanFrom: nat,
  lastGeneration: fc.nat(),
  lastProblem: maybe(reason),
  plannedAt: time,
  dueAt: maybe(time),
  status,
});
export const payee = fc.record<Payee>({
  owner: principal,
  account,
  pending: maybe(fc.record({ account, effectiveAt: time })),
  pausedUntil: maybe(time),
});

const credits = fc.record<Credits>({
  payer: units,
  provider: units,
  author: units,
  platform: units,
});
const fact: fc.Arbitrary<Exclude<Fact, { kind: 'ended' }>> = fc.oneof(
  arm('started', { at: time }),
  arm('paused', { at: time }),
  arm('resumed', { at: time }),
  arm('outage', { from: time, to: time }),
  arm('unproven', { unknownPpm: fc.nat(1_000_000) }),
);
const move = { from: account, to: account, amount: units, fee: units, scanFrom: nat };
const problem = { problem: reason, notBefore: time };

/** One arbitrary for each kind of event; the type demands all of them. */
export const eventsByKind: {
  readonly [Kind in TreasuryEvent['kind']]: fc.Arbitrary<Extract<TreasuryEvent, { kind: Kind }>>;
} = {
  'token-configured': arm('token-configured', { by: principal, config: token }),
  'settings-changed': arm('settings-changed', { by: principal, settings }),
  'ledger-fee-observed': arm('ledger-fee-observed', { ledger: principal, fee: units }),
  'platform-audited': arm('platform-audited', { ledger: principal, surplus: fc.bigInt() }),
  quoted: arm('quoted', { quote }),
  'quote-lapsed': arm('quote-lapsed', {
    escrowId,
    why: fc.constantFrom<'expired' | 'superseded'>('expired', 'superseded'),
  }),
  'fact-reported': arm('fact-reported', { escrowId, seq: counter, fact }),
  ended: arm('ended', { escrowId, seq: maybe(counter), endAt: time, cause, credits }),
  released: arm('released', { escrowId, credits, nextReleaseAt: maybe(time) }),
  'payouts-deferred': arm('payouts-deferred', { escrowId, until: time }),
  finalised: arm('finalised', { escrowId, credits }),
  'dust-kept': arm('dust-kept', { escrowId, party, amount: units }),
  'escrow-closed': arm('escrow-closed', { escrowId }),
  'dispute-opened': arm('dispute-opened', {
    escrowId,
    by: side,
    frozen: units,
    deadlineAt: time,
    reason,
  }),
  'dispute-agreed': arm('dispute-agreed', { escrowId, by: side, payerPart: units }),
  'dispute-decided': arm('dispute-decided', {
    escrowId,
    how: fc.constantFrom<'arbiter' | 'agreement' | 'default'>('arbiter', 'agreement', 'default'),
    endAt: time,
    credits,
  }),
  'escrow-audited': arm('escrow-audited', { escrowId, surplus: maybe(fc.bigInt()) }),
  'deposit-planned': arm('deposit-planned', { transferId, escrowId, ...move, exposureUsdE8: usd }),
  'transfer-planned': arm('transfer-planned', {
    transferId,
    purpose: outgoing,
    ledger: principal,
    ...move,
    feeFromPayee: units,
  }),
  'transfer-sent': arm('transfer-sent', { transferId, args }),
  'transfer-resent': arm('transfer-resent', { transferId }),
  'transfer-retry': arm('transfer-retry', { transferId, isUnknown: fc.boolean(), ...problem }),
  'transfer-reconciling': arm('transfer-reconciling', { transferId, ...problem }),
  'transfer-replanned': arm('transfer-replanned', {
    transferId,
    amount: units,
    fee: units,
    feeFromPayee: units,
    scanFrom: nat,
    ...problem,
  }),
  'transfer-paid': arm('transfer-paid', {
    transferId,
    block: maybe(nat),
    how: fc.constantFrom<'reply' | 'found' | 'balance'>('reply', 'found', 'balance'),
    usdE8: maybe(usd),
  }),
  'transfer-failed': arm('transfer-failed', { transferId, reason }),
  'transfer-parked': arm('transfer-parked', { transferId, reason }),
  'payout-account-requested': arm('payout-account-requested', {
    owner: principal,
    account,
    effectiveAt: time,
  }),
  'payout-account-cancelled': arm('payout-account-cancelled', { owner: principal }),
  'payouts-paused': arm('payouts-paused', { owner: principal, until: time }),
  'payouts-resumed': arm('payouts-resumed', { owner: principal }),
};
