import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matchesSelector, parseSelector } from '../src/clouds/hetzner/rules/label-selector.ts';

type Labels = Readonly<Record<string, string>>;

/** One requirement as text, and what it means, said independently of the parser. */
interface Sample {
  readonly text: string;
  readonly holds: (labels: Labels) => boolean;
}

const KEYS = ['a', 'managed-by', 'dc-rental', 'example.com/team', 'in', 'x.y_z'];
const VALUES = ['', 'a', '7', 'decent-cloud', 'A.b_c-D'];
const key = fc.constantFrom(...KEYS);
const value = fc.constantFrom(...VALUES);
const space = fc.constantFrom('', ' ', '  ', '\t');
const has = (labels: Labels, name: string): boolean => Object.keys(labels).includes(name);

const existence = fc.tuple(key, fc.boolean(), space).map(([name, isWanted, gap]): Sample => ({
  text: isWanted ? name : `!${gap}${name}`,
  holds: (labels) => has(labels, name) === isWanted,
}));
const equality = fc
  .tuple(key, fc.constantFrom('=', '==', '!='), value, space, space)
  .map(([name, sign, wanted, before, after]): Sample => ({
    text: `${name}${before}${sign}${after}${wanted}`,
    holds: (labels) =>
      sign === '!=' ? labels[name] !== wanted : has(labels, name) && labels[name] === wanted,
  }));
const membership = fc
  .tuple(key, fc.boolean(), fc.array(value, { minLength: 1, maxLength: 4 }), space)
  .map(([name, isIn, wanted, gap]): Sample => ({
    text: `${name} ${isIn ? 'in' : 'notin'}${gap}(${wanted.join(`${gap},`)}${gap})`,
    holds: (labels) => {
      const found = wanted.some((one) => has(labels, name) && labels[name] === one);
      return isIn ? found : !found;
    },
  }));
const selector = fc
  .tuple(fc.array(fc.oneof(existence, equality, membership), { minLength: 1, maxLength: 5 }), space)
  .map(([parts, gap]): Sample => ({
    text: gap + parts.map(({ text }) => text).join(`${gap},${gap}`) + gap,
    holds: (labels) => parts.every((part) => part.holds(labels)),
  }));
const labels = fc.dictionary(key, value);

describe('label selectors', () => {
  it('select what their parts mean, for any selector and any labels', () => {
    fc.assert(
      fc.property(selector, labels, (sample, given) => {
        const parsed = parseSelector(sample.text);
        expect(parsed, sample.text).toBeDefined();
        expect(matchesSelector(parsed ?? [], given), sample.text).toBe(sample.holds(given));
      }),
      { numRuns: 2_000 },
    );
  });

  it('are read or refused, whatever the text', () => {
    const alphabet = fc.constantFrom(...'ab=!,() -./_inot\t'.split(''));
    fc.assert(
      fc.property(fc.string({ unit: alphabet, maxLength: 40 }), (text) => {
        const parsed = parseSelector(text);
        if (text.trim() === '') expect(parsed).toEqual([]);
        for (const { key: name } of parsed ?? []) expect(text).toContain(name);
      }),
      { numRuns: 2_000 },
    );
  });

  it.each([
    ',',
    'a,',
    ',a',
    'a,,b',
    'a=b=c',
    'a=b c',
    'a in',
    'a in b',
    'a in (b',
    'a in (b)) ',
    'a in (b) c',
    'a notin b,c',
    '!a=b',
    '!!a',
    'a=-b',
    '-a',
    'a/b/c',
    '/a',
    'a=b/c',
    `a=${'x'.repeat(64)}`,
    'ä=b',
  ])('refuse %j', (text) => {
    expect(parseSelector(text)).toBeUndefined();
  });

  it('hold for nothing that only looks like a label', () => {
    expect(matchesSelector(parseSelector('constructor') ?? [], {})).toBe(false);
    expect(matchesSelector(parseSelector('toString!=a') ?? [], {})).toBe(true);
  });
});
