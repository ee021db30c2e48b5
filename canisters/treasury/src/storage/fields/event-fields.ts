import type { TokenUnits, UsdE8 } from '@decent-cloud/domain/amount.ts';
import type { TimestampNs } from '@decent-cloud/domain/time.ts';
import type { Arms, Fields } from '@decent-cloud/kit/values/field.ts';
import {
  bigint,
  bool,
  number,
  optional,
  plainAs,
  principal,
  record,
  text,
  union,
} from '@decent-cloud/kit/values/field.ts';
import type { EndCause, Party } from '../../core/escrow/escrow.ts';
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
import type { EscrowId, TransferId } from '../../core/ids.ts';
import type { Purpose } from '../../core/transfers/transfer.ts';
import { accountFields, settingsFields, tokenFields } from './config-fields.ts';
import { quoteFields } from './quote-fields.ts';
import { argsFields } from './transfer-fields.ts';

const units = bigint<TokenUnits>();
const usd = bigint<UsdE8>();
const time = bigint<TimestampNs>();
const escrowId = plainAs<EscrowId>();
const transferId = plainAs<TransferId>();
const party = plainAs<Party>();
const side = plainAs<'payer' | 'provider'>();
const account = record(accountFields);

const creditsFields: Fields<Credits> = {
  payer: units,
  provider: units,
  author: units,
  platform: units,
};
const credits = record(creditsFields);

const configArms: Arms<ConfigEvent> = {
  'token-configured': { by: principal, config: record(tokenFields) },
  'settings-changed': { by: principal, settings: record(settingsFields) },
  'ledger-fee-observed': { ledger: principal, fee: units },
  'platform-audited': { ledger: principal, surplus: bigint() },
};

const quoteArms: Arms<QuoteEvent> = {
  quoted: { quote: record(quoteFields) },
  'quote-lapsed': { escrowId, why: plainAs<'expired' | 'superseded'>() },
};

const fact = union<Exclude<Fact, { kind: 'ended' }>>({
  started: { at: time },
  paused: { at: time },
  resumed: { at: time },
  outage: { from: time, to: time },
  unproven: { unknownPpm: number },
});

const escrowArms: Arms<EscrowEvent> = {
  'fact-reported': { escrowId, seq: number, fact },
  ended: { escrowId, seq: optional(number), endAt: time, cause: plainAs<EndCause>(), credits },
  released: { escrowId, credits, nextReleaseAt: optional(time) },
  finalised: { escrowId, credits },
  'payouts-deferred': { escrowId, until: time },
  'dust-kept': { escrowId, party, amount: units },
  'escrow-closed': { escrowId },
  'dispute-opened': { escrowId, by: side, frozen: units, deadlineAt: time, reason: text },
  'dispute-agreed': { escrowId, by: side, payerPart: units },
  'dispute-decided': {
    escrowId,
    how: plainAs<'arbiter' | 'agreement' | 'default'>(),
    endAt: time,
    credits,
  },
  'escrow-audited': { escrowId, surplus: optional(bigint()) },
};

const outgoing = union<Exclude<Purpose, { kind: 'deposit' }>>({
  payout: { escrowId, party },
  'fee-withdrawal': {},
});

const transferArms: Arms<TransferEvent> = {
  'deposit-planned': {
    transferId,
    escrowId,
    from: account,
    to: account,
    amount: units,
    fee: units,
    scanFrom: bigint(),
    exposureUsdE8: usd,
  },
  'transfer-planned': {
    transferId,
    purpose: outgoing,
    ledger: principal,
    from: account,
    to: account,
    amount: units,
    fee: units,
    feeFromPayee: units,
    scanFrom: bigint(),
  },
  'transfer-sent': { transferId, args: record(argsFields) },
  'transfer-resent': { transferId },
  'transfer-retry': { transferId, isUnknown: bool, problem: text, notBefore: time },
  'transfer-reconciling': { transferId, problem: text, notBefore: time },
  'transfer-replanned': {
    transferId,
    amount: units,
    fee: units,
    feeFromPayee: units,
    scanFrom: bigint(),
    problem: text,
    notBefore: time,
  },
  'transfer-paid': {
    transferId,
    block: optional(bigint()),
    how: plainAs<'reply' | 'duplicate' | 'found' | 'balance' | 'resolved'>(),
    usdE8: optional(usd),
  },
  'transfer-failed': { transferId, reason: text },
  'transfer-parked': { transferId, reason: text },
};

const payeeArms: Arms<PayeeEvent> = {
  'payout-account-requested': { owner: principal, account, effectiveAt: time },
  'payout-account-cancelled': { owner: principal },
  'payouts-paused': { owner: principal, until: time },
  'payouts-resumed': { owner: principal },
};

/** How events stand in the journal, for ever: a changed arm is a new journal version. */
export const eventField = union<TreasuryEvent>({
  ...configArms,
  ...quoteArms,
  ...escrowArms,
  ...transferArms,
  ...payeeArms,
});
