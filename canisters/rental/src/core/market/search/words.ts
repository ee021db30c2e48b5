const MAX_WORDS = 24;
const MAX_WORD = 32;
const SHORTEST_PREFIX = 3;
const LONGEST_PREFIX = 8;

const FIRST_BEYOND_ASCII = 0x80;

/** Lower-case words of letters and digits, each once, at most 24 of at most 32 characters. */
export function wordsOf(text: string): readonly string[] {
  const words = new Set<string>();
  let word = '';
  for (const char of `${text.toLowerCase()} `) {
    if (isWordCharacter(char)) {
      word += char;
      continue;
    }
    if (word !== '') words.add(Array.from(word).slice(0, MAX_WORD).join(''));
    word = '';
    if (words.size === MAX_WORDS) break;
  }
  return [...words];
}

/** What a word is found by: itself, and its beginnings of 3 to 8 characters. */
export function findableBy(word: string): readonly string[] {
  const chars = Array.from(word);
  const found = new Set([word]);
  const longest = Math.min(chars.length, LONGEST_PREFIX);
  for (let length = SHORTEST_PREFIX; length <= longest; length += 1) {
    found.add(chars.slice(0, length).join(''));
  }
  return [...found];
}

/** Everything beyond ASCII counts as a letter. */
function isWordCharacter(char: string): boolean {
  if (char >= 'a' && char <= 'z') return true;
  return (char >= '0' && char <= '9') || char.charCodeAt(0) >= FIRST_BEYOND_ASCII;
}
