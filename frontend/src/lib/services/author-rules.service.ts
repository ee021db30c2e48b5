/** Words for what is wrong with one thing that was typed; undefined if nothing is. */
export type FieldTrouble = string | undefined;

/** Controls, and what reverses the direction of writing. */
const HIDDEN = /[\p{Cc}\u{202a}-\u{202e}\u{2066}-\u{2069}]/u;

export interface TextRule {
  readonly min?: number;
  readonly max: number;
  /** Line ends and tabs may be in it. */
  readonly hasLines?: boolean;
}

export function textTrouble(value: string, { min = 0, max, hasLines }: TextRule): FieldTrouble {
  if (value.length < min) return min === 1 ? 'Must not be empty.' : `At least ${min} characters.`;
  if (value.length > max) return `At most ${max} characters; these are ${value.length}.`;
  const looked = hasLines === true ? value.replaceAll('\n', ' ').replaceAll('\t', ' ') : value;
  return HIDDEN.test(looked)
    ? 'There are characters in it that cannot be seen. Type it anew.'
    : undefined;
}

/** A whole number that was typed, in that range. */
export function wholeTrouble(
  text: string,
  { from, to }: { readonly from: number; readonly to: number },
): FieldTrouble {
  const isWhole = /^-?\d{1,15}$/.test(text.trim());
  const value = Number(text);
  if (isWhole && value >= from && value <= to) return undefined;
  return `A whole number from ${from.toLocaleString('en')} to ${to.toLocaleString('en')}.`;
}

/** `nextcloud`, `my-blog`: small letters, digits and single hyphens between them. */
export function wordTrouble(
  word: string,
  { min, max }: { readonly min: number; readonly max: number },
): FieldTrouble {
  const isSound = /^[a-z0-9]+(-[a-z0-9]+)*$/.test(word) && word.length >= min && word.length <= max;
  if (isSound) return undefined;
  return `${min} to ${max} small letters and digits, with single hyphens between them.`;
}
