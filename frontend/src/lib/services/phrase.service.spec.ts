import fc from 'fast-check';
import { entropyToMnemonic, validateMnemonic } from '@scure/bip39';
import { wordlist } from '@scure/bip39/wordlists/english';
import { describe, expect, it } from 'vitest';
import { editDistance } from './phrase-distance.service.ts';
import { phraseProblem } from './phrase-words.service.ts';
import {
  checkPhrase,
  makeQuiz,
  nearestWord,
  newPhrase,
  randomBelow,
  WORD_COUNTS,
  wordsIn,
} from './phrase.service.ts';

const PHRASE =
  'abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about';

/** Any phrase of any length that there is. */
const phrases = fc
  .constantFrom(16, 20, 24, 28, 32)
  .chain((bytes) => fc.uint8Array({ minLength: bytes, maxLength: bytes }))
  .map((entropy) => entropyToMnemonic(entropy, wordlist));

/** What people put between, before and around words. */
const noise = fc.constantFrom(
  ' ',
  '\n',
  ', ',
  '\t',
  ' ; ',
  '\r\n',
  '   ',
  '. ',
  '\u00a0',
  '\u200b ',
);
const styles = fc.constantFrom<(word: string, index: number) => string>(
  (word) => word,
  (word) => word.toUpperCase(),
  (word, index) => `${index + 1}. ${word}`,
  (word, index) => `${index + 1}) ${word}`,
  (word, index) => `${index + 1}:${word}`,
  (word) => `"${word}"`,
  (word) => `${word.charAt(0).toUpperCase()}${word.slice(1)},`,
);

describe('checkPhrase', () => {
  it('reads every phrase, however it is numbered, spaced and written', () => {
    fc.assert(
      fc.property(phrases, noise, styles, (phrase, between, style) => {
        const typed = `  ${phrase.split(' ').map(style).join(between)}\n`;
        expect(checkPhrase(typed).verdict).toEqual({ kind: 'right', phrase });
      }),
    );
  });

  it('reads letters in their compatibility forms', () => {
    const wide = PHRASE.replaceAll('a', '\uff41');
    expect(checkPhrase(wide).verdict).toEqual({ kind: 'right', phrase: PHRASE });
  });

  it('knows every number of words that a phrase may have, and no other', () => {
    const counts = Array.from({ length: 26 }, (_, count) => count).filter((count) => {
      const { verdict } = checkPhrase(Array.from({ length: count }, () => 'abandon').join(' '));
      return verdict.kind !== 'wrong-count' && verdict.kind !== 'empty';
    });
    expect(counts).toEqual(WORD_COUNTS);
  });

  it('does not stop at the first twelve words that would do', () => {
    expect(checkPhrase(`${PHRASE} zoo`).verdict).toEqual({ kind: 'wrong-count', count: 13 });
  });

  it('tells a wrong checksum from wrong words', () => {
    const swapped = PHRASE.replace(/^abandon (.*) about$/, 'about $1 abandon');
    expect(checkPhrase(swapped).verdict.kind).toBe('wrong-checksum');
  });

  it('flags each word that is not in the list, with its place and what was meant', () => {
    const { words, verdict } = checkPhrase('adress abandon xqzvw zooo');
    expect(verdict.kind).toBe('unknown-words');
    expect(words.filter(({ isKnown }) => !isKnown)).toEqual([
      { word: 'adress', position: 1, isKnown: false, suggestion: 'address' },
      { word: 'xqzvw', position: 3, isKnown: false, suggestion: undefined },
      { word: 'zooo', position: 4, isKnown: false, suggestion: 'zoo' },
    ]);
  });

  it.each([
    ['', 'Type or paste'],
    ['adress', 'Word 1 is not in the list'],
    ['adress abandn', 'Words 1, 2 are not'],
    ['abandon', 'This is one word.'],
    [PHRASE.replace('about', 'abandon'), 'two have changed places'],
  ])('has words for %j', (text, words) => {
    expect(phraseProblem(checkPhrase(text))).toContain(words);
  });

  it('has nothing to say about a phrase that is right', () => {
    expect(phraseProblem(checkPhrase(PHRASE))).toBeUndefined();
  });
});

describe('wordsIn', () => {
  it('never gives anything but lower-case words', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        for (const word of wordsIn(text)) expect(word).toMatch(/^[\p{Ll}\p{Lo}\p{Lm}]+$/u);
      }),
    );
  });
});

describe('nearestWord', () => {
  it('finds the word again when two letters were exchanged, or one is missing or wrong', () => {
    const longer = wordlist.filter((word) => word.length >= 6);
    const change = fc.constantFrom<(word: string, at: number) => string>(
      (word, at) => word.slice(0, at) + word.slice(at + 1),
      (word, at) => `${word.slice(0, at)}q${word.slice(at + 1)}`,
      (word, at) => word.slice(0, at) + word.charAt(at + 1) + word.charAt(at) + word.slice(at + 2),
    );
    fc.assert(
      fc.property(fc.constantFrom(...longer), change, fc.nat({ max: 4 }), (word, wrong, at) => {
        const typed = wrong(word, at);
        const found = nearestWord(typed) ?? '';
        expect(editDistance(typed, found)).toBeLessThanOrEqual(editDistance(typed, word));
      }),
      { numRuns: 60 },
    );
  });
});

describe('editDistance', () => {
  it.each([
    ['address', 'address', 0],
    ['adress', 'address', 1],
    ['abuot', 'about', 1],
    ['kitten', 'sitting', 3],
    ['', 'zoo', 3],
  ])('from %j to %j is %i', (left, right, distance) => {
    expect(editDistance(left, right)).toBe(distance);
    expect(editDistance(right, left)).toBe(distance);
  });
});

describe('newPhrase', () => {
  it.each([12, 24] as const)('makes %i words that belong together, each time others', (count) => {
    const made = Array.from({ length: 20 }, () => newPhrase(count));
    expect(new Set(made).size).toBe(made.length);
    for (const phrase of made) {
      expect(phrase.split(' ')).toHaveLength(count);
      expect(validateMnemonic(phrase, wordlist)).toBe(true);
    }
  });
});

describe('makeQuiz', () => {
  it('asks for three places, each with one right word among others', () => {
    fc.assert(
      fc.property(phrases, (phrase) => {
        const words = phrase.split(' ');
        const quiz = makeQuiz(phrase, randomBelow);
        expect(new Set(quiz.map(({ position }) => position)).size).toBe(3);
        for (const { position, choices, answer } of quiz) {
          expect(answer).toBe(words[position - 1]);
          expect(choices.filter((word) => word === answer)).toHaveLength(1);
          expect(new Set(choices).size).toBe(6);
          for (const word of choices) expect(wordlist).toContain(word);
        }
      }),
      { numRuns: 30 },
    );
  });

  it('can be asked of a phrase whose words repeat', () => {
    for (const { choices } of makeQuiz(PHRASE, randomBelow)) expect(new Set(choices).size).toBe(6);
  });

  it('asks something else when it is asked again', () => {
    const phrase = newPhrase(24);
    const asked = Array.from({ length: 20 }, () => JSON.stringify(makeQuiz(phrase, randomBelow)));
    expect(new Set(asked).size).toBeGreaterThan(10);
  });
});

describe('randomBelow', () => {
  it('gives every number below the limit, and no other', () => {
    const seen = new Set(Array.from({ length: 600 }, () => randomBelow(6)));
    expect([...seen].sort()).toEqual([0, 1, 2, 3, 4, 5]);
  });
});
