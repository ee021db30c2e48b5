import type { CheckedPhrase } from './phrase.service.ts';

/** What is wrong with what was typed, and how to make it right; undefined for nothing. */
export function phraseProblem({ words, verdict }: CheckedPhrase): string | undefined {
  switch (verdict.kind) {
    case 'right':
      return undefined;
    case 'empty':
      return 'Type or paste your words.';
    case 'unknown-words': {
      const unknown = words.filter(({ isKnown }) => !isKnown);
      const places = unknown.map(({ position }) => position).join(', ');
      const which = unknown.length === 1 ? `Word ${places} is` : `Words ${places} are`;
      return `${which} not in the list of words that phrases are made of.`;
    }
    case 'wrong-count':
      return `${countText(verdict.count)} A phrase has 12, 15, 18, 21, or 24.`;
    case 'wrong-checksum':
      return (
        'All words are in the list, but they do not belong together: one of them is another word, ' +
        'or two have changed places.'
      );
  }
}

function countText(count: number): string {
  return count === 1 ? 'This is one word.' : `These are ${count} words.`;
}
