const LONG = 12;
const LEAST_BITS = 40;
/** A short one has to be as hard to guess as twelve characters that mean something. */
const SHORT_BITS = 60;
const SHORTEST = 8;

/** What people take first, and so do those who guess. */
const COMMON =
  /password|passwort|passphrase|qwert|asdf|letmein|welcome|iloveyou|admin|dragon|monkey|abc123|decent|cloud|seedphrase/g;

export type PassphraseVerdict =
  { readonly isGood: true } | { readonly isGood: false; readonly why: string };

/**
 * Whether a passphrase may protect a key: twelve characters that are no simple pattern, or eight and more
 * that are very mixed.
 */
export function judgePassphrase(passphrase: string): PassphraseVerdict {
  const { length } = Array.from(passphrase);
  const bits = guessBits(passphrase);
  if (length >= LONG) {
    if (bits >= LEAST_BITS) return { isGood: true };
    return { isGood: false, why: 'It is easy to guess: use words that do not go together.' };
  }
  if (length >= SHORTEST && bits >= SHORT_BITS) return { isGood: true };
  return { isGood: false, why: `Use at least ${LONG} characters: a few words are easy to keep.` };
}

/** A careful estimate: what repeats, goes on, or is common counts as one character at most. */
export function guessBits(passphrase: string): number {
  const text = passphrase.replace(COMMON, (word) => word.charAt(0));
  const chars = Array.from(text.toLowerCase());
  const fresh = chars.filter((char, index) => !isExpected(chars, index, char)).length;
  return fresh * Math.log2(alphabetOf(passphrase));
}

function isExpected(chars: readonly string[], index: number, char: string): boolean {
  if (index === 0) return false;
  // A third of a pattern's own length, seen before, brings nothing new.
  if (index >= 3) {
    const triple = chars.slice(index - 2, index + 1).join('');
    if (chars.slice(0, index).join('').includes(triple)) return true;
  }
  const step = codeOf(char) - codeOf(chars[index - 1]);
  if (step === 0) return true;
  if (index === 1) return false;
  return Math.abs(step) === 1 && step === codeOf(chars[index - 1]) - codeOf(chars[index - 2]);
}

function codeOf(char: string | undefined): number {
  return char?.codePointAt(0) ?? 0;
}

function alphabetOf(text: string): number {
  const classes: readonly (readonly [RegExp, number])[] = [
    [/\p{Ll}/u, 26],
    [/\p{Lu}/u, 26],
    [/\p{Nd}/u, 10],
    [/[^\p{L}\p{N}]/u, 20],
    [/\p{Lo}/u, 1_000],
  ];
  const size = classes.reduce((sum, [pattern, count]) => sum + (pattern.test(text) ? count : 0), 0);
  return Math.max(2, size);
}
