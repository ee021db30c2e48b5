import { parseDecimal, type UsdE8 } from '@decent-cloud/domain/amount.ts';
import { err, ok, type Result } from '@decent-cloud/domain/result.ts';
import { durationNs } from '@decent-cloud/domain/time.ts';
import { Principal } from '@dfinity/principal';
import type { Rental } from '../api/wire.ts';
import type { OfferingForm, TypedSlaRow } from './offering-form.service.ts';
import { lengthNs } from './offering-length.service.ts';

export type OfferingField = Exclude<keyof OfferingForm, 'range'>;

/** What is wrong with a field, and how to make it right. */
export type OfferingErrors = Readonly<Partial<Record<OfferingField, string>>>;

export const OFFERING_LIMITS = { title: 80, description: 4_000, choices: 8, slaRows: 5 } as const;

const MIN_TITLE = 3;
const SHARED_WITH = 50;
const PRICE_DECIMALS = 4;
/** 0.0001 dollars, times 10^8. */
const PRICE_STEP_E8 = 10_000n;
const MAX_PRICE_E8 = 10_000_000_000_000n;
const MAX_BPS = 10_000;
const MAX_PPM = 1_000_000;
const BPS_DECIMALS = 2;
const PPM_DECIMALS = 4;
const MIN_TERM_NS = durationNs({ hours: 1 });
const MAX_TERM_NS = durationNs({ days: 366 });
const MIN_PROVISION_NS = durationNs({ minutes: 5 });
const MAX_PROVISION_NS = durationNs({ hours: 48 });
/** Controls, and what reverses the direction of writing. */
const HIDDEN = /[\p{Cc}\u{202a}-\u{202e}\u{2066}-\u{2069}]/u;

/** What was typed as the canister takes it, or words at each field that breaks a rule of `rental.did`. */
export function offeringInputOf(form: OfferingForm): Result<Rental.OfferingInput, OfferingErrors> {
  const price = priceOf(form.price);
  const times = timesOf(form);
  const penalty = partsOf(form.penalty, { decimals: BPS_DECIMALS, max: MAX_BPS });
  const sla = slaOf(form.sla);
  const visibility = visibilityOf(form);
  const errors: Partial<Record<OfferingField, string>> = {
    ...textErrors(form),
    ...choiceErrors(form),
    ...recipeErrors(form),
    ...times.errors,
  };
  if (price.kind === 'err') errors.price = price.error;
  if (penalty === undefined) errors.penalty = 'Type 0 to 100 percent, with two digits at most.';
  if (sla.kind === 'err') errors.sla = sla.error;
  if (visibility.kind === 'err') errors.sharedWith = visibility.error;
  if (
    Object.keys(errors).length > 0 ||
    price.kind === 'err' ||
    penalty === undefined ||
    sla.kind === 'err' ||
    visibility.kind === 'err'
  ) {
    return err(errors);
  }
  return ok({
    cloud_account_id: BigInt(form.cloudAccountId),
    title: form.title.trim(),
    description: form.description,
    choices: form.choices.map(({ machine_type, location, image }) => ({
      machine_type,
      location,
      image,
    })),
    recipe: offeredRecipe(form),
    price_per_month_usd_e8: price.value,
    ...times.values,
    sla_credits: [...sla.value],
    provider_penalty_bps: penalty,
    visibility: visibility.value,
  });
}

/** US dollars × 10^8, or what is wrong with the text. */
export function priceOf(text: string): Result<bigint, string> {
  const typed = text.trim().replace(/^\$/, '');
  if (typed === '') return err('Type a price in US dollars, such as 7.90');
  const parsed = parseDecimal<UsdE8>({ text: typed, decimals: PRICE_DECIMALS });
  if (parsed.kind === 'err') {
    return err(
      parsed.error.kind === 'too-many-decimals'
        ? 'Prices go in steps of $0.0001: at most four digits after the point.'
        : 'Type a number with a point and without commas, such as 7.90',
    );
  }
  const e8 = parsed.value * PRICE_STEP_E8;
  if (e8 <= 0n) return err('The price has to be more than $0.');
  return e8 > MAX_PRICE_E8 ? err('At most $100,000 for 30 days.') : ok(e8);
}

function textErrors({ title, description, cloudAccountId }: OfferingForm): OfferingErrors {
  const errors: Partial<Record<OfferingField, string>> = {};
  const { length } = title.trim();
  if (length < MIN_TITLE || length > OFFERING_LIMITS.title) {
    errors.title = `Type ${MIN_TITLE} to ${OFFERING_LIMITS.title} characters; these are ${length}.`;
  } else if (HIDDEN.test(title)) {
    errors.title = 'There is a character in it that cannot be seen. Type it anew.';
  }
  if (description.length > OFFERING_LIMITS.description) {
    errors.description = `At most ${OFFERING_LIMITS.description} characters; these are ${description.length}.`;
  } else if (HIDDEN.test(description.replaceAll(/[\n\t]/g, ' '))) {
    errors.description = 'There is a character in it that cannot be seen. Type it anew.';
  }
  if (cloudAccountId === '') errors.cloudAccountId = 'Choose the cloud account that it runs on.';
  return errors;
}

function choiceErrors({ choices }: OfferingForm): OfferingErrors {
  if (choices.length === 0) return { choices: 'Add at least one machine.' };
  if (choices.length > OFFERING_LIMITS.choices) {
    return { choices: `At most ${OFFERING_LIMITS.choices} machines: remove some.` };
  }
  const texts = choices.map(({ machine_type: type, location, image }) =>
    JSON.stringify([type, location, image]),
  );
  return new Set(texts).size === texts.length
    ? {}
    : { choices: 'The same machine is there twice: remove one.' };
}

function recipeErrors({ recipeId, version }: OfferingForm): OfferingErrors {
  if (recipeId === '') return {};
  if (!/^\d+$/.test(recipeId)) return { recipeId: 'Choose one of the recipes, or a bare machine.' };
  return version === '' ? { version: 'Choose a version.' } : {};
}

function offeredRecipe({ recipeId, range, version }: OfferingForm): [] | [Rental.OfferedRecipe] {
  if (recipeId === '') return [];
  return [
    {
      recipe_id: BigInt(recipeId),
      range: range === 'Pinned' ? { Pinned: { version } } : { Compatible: { from: version } },
    },
  ];
}

type Times = Pick<
  Rental.OfferingInput,
  'min_term_ns' | 'max_term_ns' | 'notice_ns' | 'provision_within_ns'
>;

function timesOf(form: OfferingForm): {
  readonly values: Times;
  readonly errors: OfferingErrors;
} {
  const errors: Partial<Record<OfferingField, string>> = {};
  const min = lengthNs(form.minTerm);
  const max = lengthNs(form.maxTerm);
  const notice = lengthNs(form.notice);
  const provision = lengthNs(form.provisionWithin);
  if (min === undefined || min < MIN_TERM_NS || min > MAX_TERM_NS) {
    errors.minTerm = 'Between 1 hour and 366 days.';
  }
  if (max === undefined || max < MIN_TERM_NS || max > MAX_TERM_NS) {
    errors.maxTerm = 'Between 1 hour and 366 days.';
  } else if (min !== undefined && max < min) {
    errors.maxTerm = 'It has to be at least the shortest term.';
  }
  if (notice === undefined) errors.notice = 'Type a number; 0 for no notice.';
  else if (min !== undefined && notice > min) {
    errors.notice = 'It can be at most as long as the shortest term.';
  }
  if (provision === undefined || provision < MIN_PROVISION_NS || provision > MAX_PROVISION_NS) {
    errors.provisionWithin = 'Between 5 minutes and 48 hours.';
  }
  const values = {
    min_term_ns: min ?? 0n,
    max_term_ns: max ?? 0n,
    notice_ns: notice ?? 0n,
    provision_within_ns: provision ?? 0n,
  };
  return { values, errors };
}

function slaOf(rows: readonly TypedSlaRow[]): Result<readonly Rental.SlaCredit[], string> {
  if (rows.length > OFFERING_LIMITS.slaRows) return err(`At most ${OFFERING_LIMITS.slaRows} rows.`);
  const credits: Rental.SlaCredit[] = [];
  for (const [index, { below, credit }] of rows.entries()) {
    const name = `Row ${index + 1}: `;
    const belowPpm = partsOf(below, { decimals: PPM_DECIMALS, max: MAX_PPM });
    if (belowPpm === undefined || belowPpm === 0) {
      return err(`${name}type an uptime above 0 and up to 100 percent, such as 99.9`);
    }
    const creditBps = partsOf(credit, { decimals: BPS_DECIMALS, max: MAX_BPS });
    if (creditBps === undefined) return err(`${name}type a credit of 0 to 100 percent.`);
    const before = credits.at(-1);
    if (before !== undefined && belowPpm >= before.below_ppm) {
      return err(`${name}its uptime has to be lower than that of the row before.`);
    }
    if (before !== undefined && creditBps < before.credit_bps) {
      return err(`${name}it has to give at least as much as the row before.`);
    }
    credits.push({ below_ppm: belowPpm, credit_bps: creditBps });
  }
  return ok(credits);
}

/** A percentage in its smallest parts; undefined if it is none. */
function partsOf(
  text: string,
  rule: { readonly decimals: number; readonly max: number },
): number | undefined {
  const typed = text.trim().replace(/\s*%$/, '');
  const parsed = parseDecimal({ text: typed, decimals: rule.decimals });
  if (parsed.kind === 'err' || parsed.value > BigInt(rule.max)) return undefined;
  return Number(parsed.value);
}

function visibilityOf({ visibility, sharedWith }: OfferingForm): Result<Rental.Visibility, string> {
  if (visibility === 'Public') return ok({ Public: null });
  if (visibility === 'Private') return ok({ Private: null });
  const texts = sharedWith.split(/[\s,]+/).filter((text) => text !== '');
  if (texts.length < 1 || texts.length > SHARED_WITH) {
    return err(`Name 1 to ${SHARED_WITH} principals, one a line.`);
  }
  const principals: Principal[] = [];
  for (const text of texts) {
    const principal = parsePrincipal(text);
    if (principal === undefined) return err(`“${text}” is no principal: copy it again.`);
    if (principal.isAnonymous()) return err('The anonymous principal is everybody: use public.');
    principals.push(principal);
  }
  const isUnique = new Set(principals.map((one) => one.toText())).size === principals.length;
  return isUnique ? ok({ Shared: { principals } }) : err('A principal is there twice.');
}

function parsePrincipal(text: string): Principal | undefined {
  try {
    return Principal.fromText(text);
  } catch {
    return undefined;
  }
}
