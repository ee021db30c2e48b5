import {
  DISPUTE_DAYS,
  FACTS_GRACE_HOURS,
  HOLD_BACK_HOURS,
  MAX_AUTHOR_FEE_BPS,
  MAX_PAYOUT_PAUSE_DAYS,
  MAX_TOTAL_FEE_BPS,
  MAX_UNKNOWN_PPM,
  MIN_RELEASE_IN_LEDGER_FEES,
  PAYOUT_ACCOUNT_DELAY_HOURS,
  PLATFORM_FEE_BPS,
  PRICE_COLLAR_BPS,
  QUOTE_LIFE_MINUTES,
  RELEASE_EVERY_HOURS,
} from '@decent-cloud/domain/fees.ts';

const BPS_PER_PERCENT = 100;
const PPM_PER_PERCENT = 10_000;
const ALL_BPS = 10_000;
const EXAMPLE_AMOUNT = 10_000;
const EXAMPLE_AUTHOR_BPS = 500;

const WIDTH = 100;

/** The page about fees for people, from the constants that the canisters use. */
export function feesText(): string {
  const parts = [INTRO, ...who(), ...paying(), ...payouts(), ...ends(), ...disputes()];
  return `${parts.join('\n')}\n`;
}

const INTRO = `# Fees, payouts and refunds

${wrapped(
  'Written by `npx tsx scripts/fees-page.ts` from `domain/src/fees.ts`. Shares, amount and terms are ' +
    'frozen in the quote: nothing that changes later touches a rental that is paid.',
)}`;

function who(): string[] {
  const platform = (EXAMPLE_AMOUNT * PLATFORM_FEE_BPS) / ALL_BPS;
  const author = (EXAMPLE_AMOUNT * EXAMPLE_AUTHOR_BPS) / ALL_BPS;
  const provider = EXAMPLE_AMOUNT - platform - author;
  return section('Who gets what', [
    `The platform takes ${percent(PLATFORM_FEE_BPS)} of what vests, a recipe's author what the recipe
     says (0 to ${percent(MAX_AUTHOR_FEE_BPS)}), both together at most ${percent(MAX_TOTAL_FEE_BPS)}.
     The provider gets the rest. Refunds are not shared.`,

    `Author and platform are rounded down over the whole rental; remainders are the provider's. Of
     ${EXAMPLE_AMOUNT} units with an author at ${percent(EXAMPLE_AUTHOR_BPS)}, the provider gets
     ${provider}, the author ${author}, the platform ${platform}.`,
  ]);
}

function paying(): string[] {
  return section('Paying', [
    `A quote fixes the tokens to pay, rounded up, for ${QUOTE_LIFE_MINUTES} minutes; if the token
     loses more than ${percent(PRICE_COLLAR_BPS)} meanwhile, nothing is taken. The payer bears the
     ledger's fees for approving and for the deposit.`,
  ]);
}

function payouts(): string[] {
  return section('Payouts during the term', [
    `The amount vests evenly from the confirmed start to the end, pauses and outages left out; those
     of the last hours can be reported until ${FACTS_GRACE_HOURS} hours after the end.`,
    `Every ${RELEASE_EVERY_HOURS} hours, what vested until ${HOLD_BACK_HOURS} hours before is
     released, less the most that could still go back for broken uptime or a cancelling provider.
     Releases and payouts wait until they are worth ${MIN_RELEASE_IN_LEDGER_FEES.toString()} ledger
     fees and the token's minimum payout. At the end everything is paid.`,
    `Ledger fees of payouts and refunds are taken from the platform's share in the rental as far as
     it reaches, and then from what is sent. What cannot pay its own fee at the end is the platform's.`,
    `A new payout account takes effect after ${PAYOUT_ACCOUNT_DELAY_HOURS} hours. Pauses last ${MAX_PAYOUT_PAUSE_DAYS} days at most.`,
  ]);
}

function ends(): string[] {
  return section('The end and refunds', [
    `What did not vest goes back at once, in the same tokens, to the account that paid; all of it if
     the rental never started. A renter who cancels pays at least the notice in the offer.`,
    `What was held back follows ${HOLD_BACK_HOURS} hours later, ${DISPUTE_DAYS} days if over
     ${MAX_UNKNOWN_PPM / PPM_PER_PERCENT} % of the time was not measured. The renter gets the
     uptime credit or, if more, a cancelling provider's penalty. No refund is paused.`,
  ]);
}

function disputes(): string[] {
  return section('Disputes', [
    `Renter or provider can freeze what is not released yet. The arbiter of the quote or both sides
     together decide which part goes back; the rest is shared as above.`,
    `If nobody decides within ${DISPUTE_DAYS} days, the reported start, pauses, outages and end do.`,
  ]);
}

function section(title: string, points: readonly string[]): string[] {
  return [`\n## ${title}\n`, ...points.map((point) => wrapped(point, '- '))];
}

/** One paragraph; lines after the first are indented as far as the first one's mark. */
function wrapped(text: string, mark = ''): string {
  const indent = ' '.repeat(mark.length);
  const lines: string[] = [];
  let line = mark;
  for (const word of text.split(/\s+/)) {
    const isFirst = line === mark || line === indent;
    if (!isFirst && line.length + 1 + word.length > WIDTH) {
      lines.push(line);
      line = indent + word;
    } else {
      line += isFirst ? word : ` ${word}`;
    }
  }
  return [...lines, line].join('\n');
}

function percent(bps: number): string {
  return `${bps / BPS_PER_PERCENT} %`;
}
