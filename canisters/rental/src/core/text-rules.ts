import { err, ok, type Result } from '@decent-cloud/domain/result.ts';

/** An argument that breaks its rule, in the spelling of the wire. */
export interface Refusal {
  readonly argument: string;
  readonly rule: string;
}

/** Nothing is wrong, or what is. */
export type Trouble = Refusal | undefined;

export interface TextRule {
  readonly argument: string;
  readonly min?: number;
  readonly max: number;
  /** Line ends and tabs may be in it. */
  readonly hasLines?: boolean;
}

/** Controls, and what reverses the direction of writing. */
const HIDDEN = /[\p{Cc}\u{202a}-\u{202e}\u{2066}-\u{2069}]/u;

/** The length is looked at first, so that nothing is spent on a text that is too long. */
export function textTrouble(value: string, rule: TextRule): Trouble {
  const { argument, min = 0, max, hasLines = false } = rule;
  if (value.length < min || value.length > max) {
    return { argument, rule: `must be ${min} to ${max} characters` };
  }
  const looked = hasLines ? value.replaceAll('\n', ' ').replaceAll('\t', ' ') : value;
  if (!HIDDEN.test(looked)) return undefined;
  const allowed = hasLines ? ' but line ends and tabs' : '';
  return { argument, rule: `must hold no control characters${allowed}` };
}

/** True if every character is one of `alphabet`. */
export function isMadeOf(value: string, alphabet: string): boolean {
  for (const char of value) if (!alphabet.includes(char)) return false;
  return true;
}

/** True for a whole number from `from` to `to`. */
export function isWhole(
  value: number,
  range: { readonly from: number; readonly to: number },
): boolean {
  return Number.isInteger(value) && value >= range.from && value <= range.to;
}

/** The input, if nothing is wrong with it. */
export function unless<T>(trouble: Trouble, input: T): Result<T, Refusal> {
  return trouble === undefined ? ok(input) : err(trouble);
}

/** The first trouble that one of `items` has; later ones are not looked at. */
export function firstTrouble<T>(
  items: readonly T[],
  look: (item: T, index: number) => Trouble,
): Trouble {
  for (const [index, item] of items.entries()) {
    const trouble = look(item, index);
    if (trouble !== undefined) return trouble;
  }
  return undefined;
}
