import {
  blob,
  bool,
  count,
  list,
  literals,
  nanoseconds,
  nat,
  nat16,
  nat32,
  optional,
  principal,
  record,
  union,
  type Wire,
} from '@decent-cloud/kit/wire/wire.ts';
import type { EscrowId } from '../../core/ids.ts';
import type { SlaRow } from '../../core/market/offering.ts';
import type { Fact } from '../../core/rentals/rental-event.ts';
import type {
  EscrowBrief,
  EscrowEndCause,
  EscrowParty,
  EscrowPhase,
} from '../../core/treasury/escrow-brief.ts';
import type {
  DepositOrder,
  DepositReceipt,
  LockedQuote,
  QuoteTerms,
} from '../../core/treasury/quote-terms.ts';
import { answerOf } from './treasury-answer.ts';

/** What we read and write of treasury.did. Fields that are not named here are skipped. */

export const escrowIds: Wire<readonly EscrowId[]> = list(count as Wire<EscrowId>);

export const quoteTerms = record<QuoteTerms>({
  rentalId: count,
  draftHash: blob,
  payer: principal,
  ledger: principal,
  totalUsdE8: nat,
  termNs: nanoseconds,
  provider: principal,
  author: optional(principal),
  split: record<QuoteTerms['split']>({ platformBps: nat16, authorBps: nat16 }),
  noticeNs: nanoseconds,
  provisionWithinNs: nanoseconds,
  slaCredits: list(record<SlaRow>({ belowPpm: nat32, creditBps: nat16 })),
  providerPenaltyBps: nat16,
});

/** The treasury calls the number `id` in a quote and `escrow_id` everywhere else. */
export type TreasuryQuote = Omit<LockedQuote, 'escrowId'> & { readonly id: EscrowId };

export const quoteAnswer = answerOf(
  record<TreasuryQuote>({
    id: count,
    amount: nat,
    ledgerFee: nat,
    tokenPriceUsdE8: nat,
    priceAt: nanoseconds,
    expiresAt: nanoseconds,
  }),
);

export const depositOrder = record<DepositOrder>({
  escrowId: count,
  maxAmount: nat,
  fromSubaccount: optional(blob),
});

export const depositAnswer = answerOf(
  record<DepositReceipt>({ escrowId: count, amount: nat, block: optional(nat) }),
);

const cause = literals<EscrowEndCause>([
  'renter-cancelled',
  'provider-cancelled',
  'term-ended',
  'not-provisioned',
  'provider-failed',
  'dispute-decided',
]);

const phase = union<EscrowPhase>({
  quoted: {},
  lapsed: { at: nanoseconds },
  depositing: { transferId: count },
  funded: { at: nanoseconds },
  running: { startedAt: nanoseconds },
  ended: { startedAt: optional(nanoseconds), endAt: nanoseconds, cause, isFinal: bool },
  closed: { at: nanoseconds, cause },
});

export const briefsAnswer = answerOf(
  list(
    optional(
      record<EscrowBrief>({
        escrowId: count,
        phase,
        amount: nat,
        deposited: nat,
        depositBlock: optional(nat),
        termEndsAt: optional(nanoseconds),
        payer: record<EscrowParty>({ credited: nat, paid: nat, fees: nat, open: nat }),
        factSeq: count,
        isDisputed: bool,
        dueAt: optional(nanoseconds),
      }),
    ),
  ),
);

type EndedFact = Extract<Fact, { kind: 'ended' }>;

export const factWire = union<Fact>({
  started: { at: nanoseconds },
  paused: { at: nanoseconds },
  resumed: { at: nanoseconds },
  outage: { from: nanoseconds, to: nanoseconds },
  unproven: { unknownPpm: nat32 },
  ended: {
    at: nanoseconds,
    cause: literals<EndedFact['cause']>([
      'renter-cancelled',
      'provider-cancelled',
      'term-ended',
      'not-provisioned',
      'provider-failed',
    ]),
  },
});

/** A fact with its number, as the treasury takes it. */
export interface NumberedFact {
  readonly escrowId: EscrowId;
  readonly seq: number;
  readonly fact: Fact;
}

export const numberedFacts = list(
  record<NumberedFact>({ escrowId: count, seq: count, fact: factWire }),
);

export interface FactReceipt {
  /** Had its effect before and has none now. */
  readonly isDuplicate: boolean;
}

const factReceipt = answerOf(record<FactReceipt>({ isDuplicate: bool }));
export const factsAnswer = answerOf(list(factReceipt));
