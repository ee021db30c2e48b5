import { durationNs } from '@decent-cloud/domain/time.ts';
import { firstTrouble, isWhole, textTrouble, type Trouble } from '../text-rules.ts';
import type { OfferingInput, SlaRow } from './offering.ts';

export const OFFERING_LIMITS = {
  title: 80,
  description: 4_000,
  choices: 8,
  sharedWith: 50,
  name: 64,
  slaRows: 5,
  /** The search index sorts by steps of this; a hundredth of a cent. */
  priceStepE8: 10_000n,
  /** 100,000 US dollars for 30 days. */
  maxPriceE8: 10_000_000_000_000n,
} as const;

const MAX_BPS = 10_000;
const MAX_PPM = 1_000_000;
const MIN_TERM_NS = durationNs({ hours: 1 });
const MAX_TERM_NS = durationNs({ days: 366 });
const MIN_PROVISION_NS = durationNs({ minutes: 5 });
const MAX_PROVISION_NS = durationNs({ hours: 48 });

/**
 * What is wrong with an offer by itself; what the catalogue and the recipe say is looked at later.
 */
export function offeringTrouble(input: OfferingInput): Trouble {
  return (
    textTrouble(input.title, { argument: 'title', min: 3, max: OFFERING_LIMITS.title }) ??
    textTrouble(input.description, {
      argument: 'description',
      max: OFFERING_LIMITS.description,
      hasLines: true,
    }) ??
    choicesTrouble(input) ??
    priceTrouble(input) ??
    timesTrouble(input) ??
    promisesTrouble(input) ??
    visibilityTrouble(input)
  );
}

function choicesTrouble({ choices }: OfferingInput): Trouble {
  const argument = 'choices';
  if (choices.length < 1 || choices.length > OFFERING_LIMITS.choices) {
    return { argument, rule: `must be 1 to ${OFFERING_LIMITS.choices} machines` };
  }
  const trouble = firstTrouble(
    choices.flatMap(({ machineType: type, location, image }) => [type, location, image]),
    (name) => textTrouble(name, { argument, min: 1, max: OFFERING_LIMITS.name }),
  );
  if (trouble !== undefined) return trouble;
  const texts = choices.map(({ machineType: type, location, image }) =>
    JSON.stringify([type, location, image]),
  );
  return new Set(texts).size === texts.length
    ? undefined
    : { argument, rule: 'the same machine is there twice' };
}

function priceTrouble({ pricePerMonthUsdE8: price }: OfferingInput): Trouble {
  const { priceStepE8, maxPriceE8 } = OFFERING_LIMITS;
  const isPrice = price > 0n && price <= maxPriceE8 && price % priceStepE8 === 0n;
  if (isPrice) return undefined;
  const rule = 'must be more than 0, at most 100,000 dollars, in steps of 0.0001 dollars';
  return { argument: 'price_per_month_usd_e8', rule };
}

function timesTrouble(input: OfferingInput): Trouble {
  const { minTermNs, maxTermNs, noticeNs, provisionWithinNs } = input;
  if (minTermNs < MIN_TERM_NS || minTermNs > MAX_TERM_NS) {
    return { argument: 'min_term_ns', rule: 'must be 1 hour to 366 days' };
  }
  if (maxTermNs < minTermNs || maxTermNs > MAX_TERM_NS) {
    return { argument: 'max_term_ns', rule: 'must be at least min_term_ns and at most 366 days' };
  }
  if (noticeNs < 0n || noticeNs > minTermNs) {
    return { argument: 'notice_ns', rule: 'must be at most the shortest term' };
  }
  if (provisionWithinNs < MIN_PROVISION_NS || provisionWithinNs > MAX_PROVISION_NS) {
    return { argument: 'provision_within_ns', rule: 'must be 5 minutes to 48 hours' };
  }
  return undefined;
}

function promisesTrouble({ providerPenaltyBps, slaCredits }: OfferingInput): Trouble {
  if (!isWhole(providerPenaltyBps, { from: 0, to: MAX_BPS })) {
    return { argument: 'provider_penalty_bps', rule: `must be a whole number up to ${MAX_BPS}` };
  }
  const argument = 'sla_credits';
  if (slaCredits.length > OFFERING_LIMITS.slaRows) {
    return { argument, rule: `must be at most ${OFFERING_LIMITS.slaRows} rows` };
  }
  const isSound = slaCredits.every((row, index) => followsOn(row, slaCredits[index - 1]));
  const rule = 'a row with a lower uptime comes later and gives at least as much';
  return isSound ? undefined : { argument, rule };
}

function followsOn(row: SlaRow, before: SlaRow | undefined): boolean {
  const belowAtMost = before === undefined ? MAX_PPM : before.belowPpm - 1;
  return (
    isWhole(row.belowPpm, { from: 1, to: belowAtMost }) &&
    isWhole(row.creditBps, { from: before?.creditBps ?? 0, to: MAX_BPS })
  );
}

function visibilityTrouble({ visibility }: OfferingInput): Trouble {
  if (visibility.kind !== 'shared') return undefined;
  const argument = 'visibility';
  const { principals } = visibility;
  if (principals.length < 1 || principals.length > OFFERING_LIMITS.sharedWith) {
    return { argument, rule: `must name 1 to ${OFFERING_LIMITS.sharedWith} principals` };
  }
  if (principals.some((one) => one.isAnonymous())) {
    return { argument, rule: 'must not name the anonymous principal: use public' };
  }
  const isUnique = new Set(principals.map((one) => one.toHex())).size === principals.length;
  return isUnique ? undefined : { argument, rule: 'a principal is there twice' };
}
