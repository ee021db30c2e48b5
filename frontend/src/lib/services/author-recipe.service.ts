import { parseDecimal, type Amount } from '@decent-cloud/domain/amount.ts';
import { MAX_AUTHOR_FEE_BPS, PLATFORM_FEE_BPS } from '@decent-cloud/domain/fees.ts';
import type { Rental } from '../api/wire.ts';
import type { Troubles } from './author-checks.service.ts';
import { textTrouble, wordTrouble, type FieldTrouble } from './author-rules.service.ts';

/** What an author says about a recipe, as it is typed. */
export interface RecipeDraft {
  readonly name: string;
  readonly description: string;
  readonly icon: string;
  /** Words with commas or spaces between them. */
  readonly tags: string;
  /** In percent. */
  readonly share: string;
}

export const EMPTY_RECIPE: RecipeDraft = {
  name: '',
  description: '',
  icon: '',
  tags: '',
  share: '5',
};

const NAME = { min: 3, max: 40 };
const TAG = { min: 2, max: 24 };
const MAX_TAGS = 8;
const MAX_DESCRIPTION = 2_000;
const MAX_ICON = 24;
const BPS_DECIMALS = 2;
const BPS_OF_ALL = 10_000n;
const PICTURE = /\p{Extended_Pictographic}|\p{Regional_Indicator}{2}|[0-9#*]\u{fe0f}\u{20e3}/u;

export function recipeDraftOf(recipe: Rental.Recipe): RecipeDraft {
  const { name, description, icon, tags, author_bps: bps } = recipe;
  return { name, description, icon, tags: tags.join(', '), share: (bps / 100).toString() };
}

/** What is wrong with it, by the name of what was typed. */
export function recipeTroubles(draft: RecipeDraft): Troubles {
  const checks: readonly (readonly [string, FieldTrouble])[] = [
    ['name', wordTrouble(draft.name, NAME)],
    ['description', textTrouble(draft.description, { max: MAX_DESCRIPTION, hasLines: true })],
    ['icon', iconTrouble(draft.icon)],
    ['tags', tagsTrouble(tagsOf(draft.tags))],
    ['share', shareTrouble(draft.share)],
  ];
  return new Map(
    checks.flatMap(([key, trouble]) => (trouble === undefined ? [] : [[key, trouble]])),
  );
}

/** As it is published. Only for a draft that nothing is wrong with. */
export function recipeInputOf(draft: RecipeDraft): Rental.RecipeInput {
  return {
    description: draft.description,
    icon: draft.icon.trim(),
    tags: tagsOf(draft.tags),
    author_bps: bpsOf(draft.share) ?? 0,
  };
}

export function tagsOf(text: string): string[] {
  return text.split(/[\s,]+/).flatMap((tag) => {
    const word = tag.replace(/^#/, '');
    return word === '' ? [] : [word];
  });
}

/** What an author gets of a month's price, if the seller keeps the rest and nothing is taken back. */
export function shareOfMonth(perMonthUsdE8: bigint, bps: number): bigint {
  return (perMonthUsdE8 * BigInt(bps)) / BPS_OF_ALL;
}

/** Hundredths of a percent; undefined for what is no share. */
export function bpsOf(text: string): number | undefined {
  const parsed = parseDecimal<Amount>({ text: text.trim(), decimals: BPS_DECIMALS });
  if (parsed.kind === 'err' || parsed.value > MAX_AUTHOR_FEE_BPS) return undefined;
  return Number(parsed.value);
}

/** What the platform takes, in hundredths of a percent. */
export const PLATFORM_BPS = PLATFORM_FEE_BPS;

function shareTrouble(text: string): FieldTrouble {
  if (bpsOf(text) !== undefined) return undefined;
  return `A percentage from 0 to ${MAX_AUTHOR_FEE_BPS / 100}, with at most two decimals.`;
}

function tagsTrouble(tags: readonly string[]): FieldTrouble {
  if (tags.length > MAX_TAGS) return `At most ${MAX_TAGS} tags.`;
  if (new Set(tags).size < tags.length) return 'A tag is there twice.';
  const wrong = tags.find((tag) => wordTrouble(tag, TAG) !== undefined);
  return wrong === undefined ? undefined : `“${wrong}”: ${wordTrouble(wrong, TAG) ?? ''}`;
}

/** Looser than the canister, which knows exactly what an emoji is. */
function iconTrouble(text: string): FieldTrouble {
  const icon = text.trim();
  if (icon === '') return undefined;
  const count = [...new Intl.Segmenter('en', { granularity: 'grapheme' }).segment(icon)].length;
  const isOne = count === 1 && icon.length <= MAX_ICON && PICTURE.test(icon);
  return isOne ? undefined : 'One emoji, or nothing.';
}
