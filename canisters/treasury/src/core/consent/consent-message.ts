import type { Principal } from '@dfinity/principal';
import type { TokenUnits } from '@decent-cloud/domain/amount.ts';
import type { TimestampNs } from '@decent-cloud/domain/time.ts';
import type { Account } from '../account.ts';
import type { Quote } from '../quotes/quote.ts';
import type { TokenConfig } from '../tokens/token-config.ts';

/** One line that a wallet shows before its user signs. */
export interface ConsentField {
  readonly label: string;
  readonly value: ConsentValue;
}

export type ConsentValue =
  | { readonly kind: 'tokens'; readonly amount: TokenUnits; readonly token: TokenConfig }
  | { readonly kind: 'time'; readonly at: TimestampNs }
  | { readonly kind: 'duration'; readonly ns: bigint }
  | { readonly kind: 'account'; readonly account: Account }
  | { readonly kind: 'text'; readonly content: string };

/** What signing a call does, in the order in which a person should read it. */
export interface ConsentMessage {
  readonly intent: string;
  readonly fields: readonly ConsentField[];
}

/** A call that a wallet may ask about, with what the canister knows about it. */
export type ConsentSubject =
  | {
      readonly kind: 'deposit';
      readonly quote: Quote;
      readonly token: TokenConfig;
      /** The payer's account that is charged. */
      readonly from: Account;
    }
  | { readonly kind: 'open-dispute'; readonly quote: Quote; readonly reason: string }
  | {
      readonly kind: 'agree-split';
      readonly quote: Quote;
      readonly token: TokenConfig;
      readonly payerPart: TokenUnits;
      /** What the dispute is about; the rest of it goes to the others. */
      readonly frozen: TokenUnits;
    }
  | { readonly kind: 'set-payout-account'; readonly account: Account }
  | { readonly kind: 'cancel-payout-account' }
  | { readonly kind: 'pause-payouts'; readonly until: TimestampNs }
  | { readonly kind: 'resume-payouts' };

/** The message for one call. Says amounts, receivers and what comes back, never more than is true. */
export function consentMessage(subject: ConsentSubject): ConsentMessage {
  switch (subject.kind) {
    case 'deposit':
      return depositMessage(subject);
    case 'open-dispute':
      return {
        intent: 'Open a dispute about a rental payment',
        fields: [
          rental(subject.quote),
          text('What happens', 'what is not released yet is frozen until it is decided'),
          text('Reason', subject.reason),
        ],
      };
    case 'agree-split':
      return {
        intent: 'Agree how a disputed payment is split',
        fields: [
          rental(subject.quote),
          tokens('Back to the renter', subject.payerPart, subject.token),
          tokens('To provider, author and platform', restOf(subject), subject.token),
          text('What happens', 'final as soon as the other side agrees to the same amount'),
        ],
      };
    case 'set-payout-account':
      return {
        intent: 'Change the account that your earnings go to',
        fields: [
          { label: 'New account', value: { kind: 'account', account: subject.account } },
          text('Takes effect', 'in 48 hours; until then you can cancel it'),
        ],
      };
    case 'cancel-payout-account':
      return { intent: 'Cancel the pending change of your payout account', fields: [] };
    case 'pause-payouts':
      return {
        intent: 'Pause your payouts',
        fields: [{ label: 'Until', value: { kind: 'time', at: subject.until } }],
      };
    case 'resume-payouts':
      return { intent: 'Resume your payouts', fields: [] };
  }
}

type SubjectOf<Kind> = Extract<ConsentSubject, { readonly kind: Kind }>;

function depositMessage({ quote, token, from }: SubjectOf<'deposit'>): ConsentMessage {
  const { terms } = quote;
  return {
    intent: 'Pay for a rental into its escrow',
    fields: [
      rental(quote),
      tokens('You pay', quote.amount, token),
      tokens('Ledger fee', token.fee, token),
      { label: 'From', value: { kind: 'account', account: from } },
      { label: 'For', value: { kind: 'duration', ns: terms.termNs } },
      principal('Provider', terms.provider),
      { label: 'Billed at least', value: { kind: 'duration', ns: terms.noticeNs } },
      {
        label: 'All comes back if not running within',
        value: { kind: 'duration', ns: terms.provisionWithinNs },
      },
      text('Unused time', 'comes back by itself in the same token'),
      { label: 'Offer ends', value: { kind: 'time', at: quote.expiresAt } },
    ],
  };
}

function restOf({ frozen, payerPart }: SubjectOf<'agree-split'>): TokenUnits {
  return (frozen - payerPart) as TokenUnits;
}

function rental(quote: Quote): ConsentField {
  return text('Rental', `${quote.terms.rentalId} (quote ${quote.id})`);
}

function tokens(label: string, amount: TokenUnits, token: TokenConfig): ConsentField {
  return { label, value: { kind: 'tokens', amount, token } };
}

function principal(label: string, owner: Principal): ConsentField {
  return { label, value: { kind: 'account', account: { owner, subaccount: undefined } } };
}

function text(label: string, content: string): ConsentField {
  return { label, value: { kind: 'text', content } };
}
