import type { TokenUnits } from '@decent-cloud/domain/amount.ts';
import type { DurationNs, TimestampNs } from '@decent-cloud/domain/time.ts';
import type { Fields } from '@decent-cloud/kit/values/field.ts';
import {
  bigint,
  bool,
  number,
  optional,
  plainAs,
  record,
  union,
} from '@decent-cloud/kit/values/field.ts';
import { olderVersion } from '@decent-cloud/kit/values/value-codec.ts';
import type {
  Dispute,
  EndCause,
  Escrow,
  Exclusions,
  Party,
  PartyBook,
  Phase,
} from '../../core/escrow/escrow.ts';
import type { EscrowId, TransferId } from '../../core/ids.ts';
import { accountFields } from './config-fields.ts';

const units = bigint<TokenUnits>();
const time = bigint<TimestampNs>();
const duration = bigint<DurationNs>();
const cause = plainAs<EndCause>();

const phase = union<Phase>({
  quoted: {},
  lapsed: { at: time },
  depositing: { transferId: plainAs<TransferId>() },
  funded: { at: time },
  running: { startedAt: time },
  ended: { startedAt: optional(time), endAt: time, cause, isFinal: bool },
  closed: { at: time, cause },
});

const partyBook = record<PartyBook>({ credited: units, paid: units, fees: units });
const booksFields: Fields<Record<Party, PartyBook>> = {
  payer: partyBook,
  provider: partyBook,
  author: partyBook,
  platform: partyBook,
};

const exclusionsFields: Fields<Exclusions> = {
  outageNs: duration,
  pausedNs: duration,
  pausedSince: optional(time),
  lastTo: time,
};

const disputeFields: Fields<Dispute> = {
  openedAt: time,
  openedBy: plainAs<'payer' | 'provider'>(),
  deadlineAt: time,
  frozen: units,
  payerAgrees: optional(units),
  providerAgrees: optional(units),
};

type FirstEscrow = Omit<Escrow, 'unprovenPpm'>;

const firstFields: Fields<FirstEscrow> = {
  id: plainAs<EscrowId>(),
  phase,
  refundTo: optional(record(accountFields)),
  deposited: units,
  depositBlock: optional(bigint()),
  exclusions: record(exclusionsFields),
  factSeq: number,
  books: record(booksFields),
  nextReleaseAt: optional(time),
  dispute: optional(record(disputeFields)),
  liveTransfer: optional(plainAs<TransferId>()),
  surplus: bigint(),
  auditedAt: optional(time),
  auditDueAt: optional(time),
  payoutsNotBefore: optional(time),
  dueAt: optional(time),
};

/** What changes about a quote. Rewritten by every event of an escrow, so the quote is not in it. */
export const escrowFields: Fields<Escrow> = { ...firstFields, unprovenPpm: optional(number) };

export const ESCROW_VERSION = 2;

/** Before facts could say that a period was not measured. */
export const firstEscrow = olderVersion<FirstEscrow, Escrow>({
  version: 1,
  fields: firstFields,
  upgrade: (old) => ({ ...old, unprovenPpm: undefined }),
});
