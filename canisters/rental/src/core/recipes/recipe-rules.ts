import { MAX_AUTHOR_FEE_BPS } from '@decent-cloud/domain/fees.ts';
import type { Result } from '@decent-cloud/domain/result.ts';
import { isEmoji } from './emoji.ts';
import type { RecipeInput } from './recipe.ts';
import { firstTrouble, isMadeOf, isWhole, textTrouble, unless } from '../text-rules.ts';
import type { Refusal, Trouble } from '../text-rules.ts';

const NAME = { min: 3, max: 40 };
const TAG = { min: 2, max: 24 };
const MAX_TAGS = 8;
const MAX_DESCRIPTION = 2_000;
const WORD = 'abcdefghijklmnopqrstuvwxyz0123456789-';

/** A recipe's name: 3 to 40 of `a-z`, `0-9` and single hyphens inside. */
export function checkRecipeName(name: string): Result<string, Refusal> {
  return unless(wordTrouble(name, { argument: 'name', ...NAME }), name);
}

export function checkTag(tag: string): Result<string, Refusal> {
  return unless(wordTrouble(tag, { argument: 'tag', ...TAG }), tag);
}

/** What an author may say about a recipe. */
export function checkRecipeInput(input: RecipeInput): Result<RecipeInput, Refusal> {
  const { description, icon, authorBps } = input;
  const trouble =
    textTrouble(description, { argument: 'description', max: MAX_DESCRIPTION, hasLines: true }) ??
    (icon === '' || isEmoji(icon) ? undefined : { argument: 'icon', rule: 'must be one emoji' }) ??
    tagsTrouble(input.tags) ??
    shareTrouble(authorBps);
  return unless(trouble, input);
}

function tagsTrouble(tags: readonly string[]): Trouble {
  const isSet = tags.length <= MAX_TAGS && new Set(tags).size === tags.length;
  if (!isSet) return { argument: 'tags', rule: `must be at most ${MAX_TAGS}, each once` };
  return firstTrouble(tags, (tag) => wordTrouble(tag, { argument: 'tags', ...TAG }));
}

function shareTrouble(authorBps: number): Trouble {
  if (isWhole(authorBps, { from: 0, to: MAX_AUTHOR_FEE_BPS })) return undefined;
  return { argument: 'author_bps', rule: `must be at most ${MAX_AUTHOR_FEE_BPS}` };
}

function wordTrouble(
  word: string,
  rule: { readonly argument: string; readonly min: number; readonly max: number },
): Trouble {
  const { argument, min, max } = rule;
  const isLong = word.length < min || word.length > max;
  const isOdd = isLong || !isMadeOf(word, WORD) || word.includes('--');
  if (!isOdd && !word.startsWith('-') && !word.endsWith('-')) return undefined;
  const letters = 'small letters, digits and single hyphens between them';
  return { argument, rule: `must be ${min} to ${max} ${letters}` };
}
