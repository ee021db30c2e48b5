import type { Rental } from '../api/wire.ts';
import { bpsText } from './format.service.ts';
import { lengthText } from './rent-term.service.ts';
import { thresholdText } from './sla.service.ts';

type Agreed = Pick<
  Rental.Offering,
  'notice_ns' | 'provision_within_ns' | 'provider_penalty_bps' | 'min_term_ns' | 'max_term_ns'
>;

/** A rule of an offer, in a word and in a sentence. */
export interface RuleLine {
  readonly label: string;
  readonly value: string;
  readonly small: string;
}

/** What a renter gets back when, in plain words. Frozen when the price is locked. */
export function ruleLines(offer: Agreed): readonly RuleLine[] {
  const notice = lengthText(offer.notice_ns);
  return [
    {
      label: 'Term',
      value: `${lengthText(offer.min_term_ns)} to ${lengthText(offer.max_term_ns)}`,
      small: 'Paid in advance into an escrow of its own. It can be extended later.',
    },
    {
      label: 'If you cancel',
      value: offer.notice_ns === 0n ? 'No notice' : `${notice} notice`,
      small:
        offer.notice_ns === 0n
          ? 'You pay for the time used, to the second. The rest comes back at once.'
          : `You pay for at least ${notice} once it runs. The rest comes back at once.`,
    },
    {
      label: 'Ready within',
      value: lengthText(offer.provision_within_ns),
      small: 'Without a working machine by then, all of your money comes back.',
    },
    {
      label: 'If the seller cancels',
      value: `${bpsText(offer.provider_penalty_bps)} penalty`,
      small:
        offer.provider_penalty_bps === 0
          ? 'The time that is not used comes back.'
          : 'Of what you paid for the time used, besides the time that is not used.',
    },
  ];
}

/** Each row of the table in a sentence, from the mildest on. */
export function slaSentences(table: readonly Rental.SlaCredit[]): readonly string[] {
  return table.map(
    ({ below_ppm: belowPpm, credit_bps: creditBps }) =>
      `Up less than ${thresholdText(belowPpm)} of the time: ${bpsText(creditBps)} of what you paid ` +
      'for that time comes back.',
  );
}
