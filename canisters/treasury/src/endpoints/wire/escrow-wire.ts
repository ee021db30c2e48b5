import type { Dispute, EndCause, Party, Phase } from '../../core/escrow/escrow.ts';
import type { EscrowBrief } from '../../flows/escrow-brief.ts';
import type { EscrowView, PartyView } from '../../flows/escrow-view.ts';
import { account } from './config-wire.ts';
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
} from '@decent-cloud/kit/wire/wire.ts';
import { record, union } from '@decent-cloud/kit/wire/wire.ts';

export const endCause = literals<EndCause>([
  'renter-cancelled',
  'provider-cancelled',
  'term-ended',
  'not-provisioned',
  'provider-failed',
  'dispute-decided',
]);

export const phase = union<Phase>({
  quoted: {},
  lapsed: { at: nanoseconds },
  depositing: { transferId: count },
  funded: { at: nanoseconds },
  running: { startedAt: nanoseconds },
  ended: {
    startedAt: optional(nanoseconds),
    endAt: nanoseconds,
    cause: endCause,
    isFinal: bool,
  },
  closed: { at: nanoseconds, cause: endCause },
});

const party = record<PartyView>({ credited: nat, paid: nat, fees: nat, open: nat });

const dispute = record<Dispute>({
  openedAt: nanoseconds,
  openedBy: literals(['payer', 'provider']),
  deadlineAt: nanoseconds,
  frozen: nat,
  payerAgrees: optional(nat),
  providerAgrees: optional(nat),
});

export const escrow = record<EscrowView>({
  escrowId: count,
  rentalId: count,
  ledger: principal,
  payer: principal,
  provider: principal,
  author: optional(principal),
  phase,
  account,
  amount: nat,
  deposited: nat,
  depositBlock: optional(nat),
  held: nat,
  vestedNow: nat,
  refundIfCancelledNow: nat,
  startedAt: optional(nanoseconds),
  termEndsAt: optional(nanoseconds),
  nextReleaseAt: optional(nanoseconds),
  outageNs: nanoseconds,
  pausedNs: nanoseconds,
  pausedSince: optional(nanoseconds),
  unprovenPpm: optional(nat32),
  factSeq: count,
  books: record<Record<Party, PartyView>>({
    payer: party,
    provider: party,
    author: party,
    platform: party,
  }),
  dispute: optional(dispute),
  refundTo: optional(account),
  liveTransfer: optional(count),
  surplus: int,
  auditedAt: optional(nanoseconds),
  payoutsNotBefore: optional(nanoseconds),
  dueAt: optional(nanoseconds),
});

export const escrowBrief = record<EscrowBrief>({
  escrowId: count,
  phase,
  amount: nat,
  deposited: nat,
  depositBlock: optional(nat),
  termEndsAt: optional(nanoseconds),
  payer: party,
  factSeq: count,
  isDisputed: bool,
  dueAt: optional(nanoseconds),
});
