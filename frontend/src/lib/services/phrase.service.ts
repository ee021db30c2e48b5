import { generateMnemonic, validateMnemonic } from '@scure/bip39';
import { wordlist } from '@scure/bip39/wordlists/english';
import { editDistance } from './phrase-distance.service.ts';

/** How many words a phrase may have. Source: BIP-39. */
export const WORD_COUNTS: readonly number[] = [12, 15, 18, 21, 24];
const BITS_OF = { 12: 128, 24: 256 } as const;
export type NewWordCount = keyof typeof BITS_OF;

const KNOWN = new Set(wordlist);
/** More wrong letters than this, and a suggestion would be a guess. */
const FARTHEST = 3;

/** New words from the browser's own randomness. */
export function newPhrase(wordCount: NewWordCount): string {
  return generateMnemonic(wordlist, BITS_OF[wordCount]);
}

/** A word as it was typed; if it is not in the list, with the nearest that is. */
export interface TypedWord {
  readonly word: string;
  /** From 1. */
  readonly position: number;
  readonly isKnown: boolean;
  readonly suggestion: string | undefined;
}

export type PhraseVerdict =
  | { readonly kind: 'empty' }
  /** Some are not in the list; `words` says which. */
  | { readonly kind: 'unknown-words' }
  | { readonly kind: 'wrong-count'; readonly count: number }
  /** All words are in the list, but they do not belong together. */
  | { readonly kind: 'wrong-checksum' }
  | { readonly kind: 'right'; readonly phrase: string };

export interface CheckedPhrase {
  readonly words: readonly TypedWord[];
  readonly verdict: PhraseVerdict;
}

/**
 * The words in what was typed or pasted: lower case, without numbering, commas, quotes, line breaks and
 * marks on letters.
 */
export function wordsIn(text: string): string[] {
  const plain = text
    .normalize('NFKD')
    .replaceAll(/\p{M}|\p{Cf}/gu, '')
    .toLowerCase();
  return plain.match(/\p{L}+/gu) ?? [];
}

/** What is wrong with a phrase, if anything. Nothing is judged before all of it was read. */
export function checkPhrase(text: string): CheckedPhrase {
  const words = wordsIn(text).map((word, index): TypedWord => {
    const isKnown = KNOWN.has(word);
    const suggestion = isKnown ? undefined : nearestWord(word);
    return { word, position: index + 1, isKnown, suggestion };
  });
  return { words, verdict: verdictOf(words) };
}

function verdictOf(words: readonly TypedWord[]): PhraseVerdict {
  if (words.length === 0) return { kind: 'empty' };
  if (words.some(({ isKnown }) => !isKnown)) return { kind: 'unknown-words' };
  if (!WORD_COUNTS.includes(words.length)) return { kind: 'wrong-count', count: words.length };
  const phrase = words.map(({ word }) => word).join(' ');
  if (!validateMnemonic(phrase, wordlist)) return { kind: 'wrong-checksum' };
  return { kind: 'right', phrase };
}

/** The word of the list that was most likely meant: fewest wrong letters, then the longest same start. */
export function nearestWord(word: string): string | undefined {
  let best:
    { readonly word: string; readonly distance: number; readonly start: number } | undefined;
  for (const candidate of wordlist) {
    const distance = editDistance(word, candidate);
    const start = sameStart(word, candidate);
    const isBetter =
      best === undefined ||
      distance < best.distance ||
      (distance === best.distance && start > best.start);
    if (isBetter) best = { word: candidate, distance, start };
  }
  if (best === undefined || best.distance > Math.min(FARTHEST, Math.ceil(word.length / 2))) {
    return undefined;
  }
  return best.word;
}

function sameStart(left: string, right: string): number {
  let length = 0;
  while (length < left.length && left[length] === right[length]) length += 1;
  return length;
}

/** One question of the quiz: which word stands there. */
export interface QuizQuestion {
  /** From 1. */
  readonly position: number;
  /** The right word among others of the list, in any order. */
  readonly choices: readonly string[];
  readonly answer: string;
}

const QUESTIONS = 3;
const CHOICES = 6;
/** As many as can be told apart from guessing: half of the wrong choices are in the phrase too. */
const FROM_PHRASE = 2;

/**
 * Asks for three random positions. `randomBelow(n)` gives 0 to n − 1. Two wrong choices are words of the
 * phrase at other places, so that knowing the words is not enough.
 */
export function makeQuiz(phrase: string, randomBelow: (limit: number) => number): QuizQuestion[] {
  const words = phrase.split(' ');
  const positions = drawn(words.keys(), QUESTIONS, randomBelow);
  return positions
    .sort((left, right) => left - right)
    .map((position) => {
      const answer = words[position] ?? '';
      const others = new Set(words.filter((word) => word !== answer));
      const near = drawn(others, FROM_PHRASE, randomBelow);
      const strangers = wordlist.filter((word) => word !== answer && !others.has(word));
      const far = drawn(strangers, CHOICES - 1 - near.length, randomBelow);
      const choices = drawn([answer, ...near, ...far], CHOICES, randomBelow);
      return { position: position + 1, choices, answer };
    });
}

/** Some of them, each at most once, in random order. */
function drawn<T>(from: Iterable<T>, count: number, randomBelow: (limit: number) => number): T[] {
  const rest = [...from];
  const found: T[] = [];
  while (found.length < count && rest.length > 0) {
    found.push(...rest.splice(randomBelow(rest.length), 1));
  }
  return found;
}

const WORD_BITS = 2 ** 32;

/** A random whole number below a limit, each as likely as any other. */
export function randomBelow(limit: number): number {
  const usable = WORD_BITS - (WORD_BITS % limit);
  for (;;) {
    const [value = WORD_BITS] = crypto.getRandomValues(new Uint32Array(1));
    if (value < usable) return value % limit;
  }
}
