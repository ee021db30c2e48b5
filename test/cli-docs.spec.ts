import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { CANISTERS, layoutOf } from '../scripts/canisters/layout.ts';
import { callsOf, examplesOf, isAnswer, methodsOf, saidBy } from './support/cli-document.ts';

/** Less says nothing: `(variant { Ok })` is the shortest whole answer that does. */
const SAID_MIN = '(true)'.length;

const examples = examplesOf(readFileSync(new URL('../docs/CLI.md', import.meta.url), 'utf8'));

/** Refusals that somebody meets sooner or later. */
const REFUSALS = [
  { situation: 'wrong caller', leaf: 'NotAllowed' },
  { situation: 'anonymous', leaf: 'NotAuthenticated' },
  { situation: 'wrong token', leaf: 'UnknownToken' },
  { situation: 'expired quote', leaf: 'QuoteExpired' },
  { situation: 'too little allowance', leaf: 'InsufficientAllowance' },
  { situation: 'amount too large', leaf: 'AmountAboveMax' },
  { situation: 'one thing at a time', leaf: 'WrongState' },
  { situation: 'lease is over', leaf: 'StaleLease' },
  { situation: 'moved to the archive', leaf: 'Archived' },
];

describe('docs/CLI.md', () => {
  it.each(CANISTERS)('has an example of every method of %s, and of no other', (canister) => {
    const methods = methodsOf(readFileSync(layoutOf(canister).contract, 'utf8'));
    const shown = examples.flatMap(callsOf).filter((call) => call.canister === canister);
    expect(new Set(shown.map(({ method }) => method))).toEqual(new Set(methods));
  });

  it('says what each call answers', () => {
    const calls = examples.filter((example) => callsOf(example).length > 0);
    expect(calls.length).toBeGreaterThan(0);
    for (const { line, answer } of calls) {
      expect(saidBy(answer ?? ''), `line ${line}`).toBeGreaterThanOrEqual(SAID_MIN);
    }
  });

  it.each(REFUSALS)('shows the refusal of: $situation', ({ leaf }) => {
    const typed = new RegExp(`Err = .*RequestError = opt variant \\{ ${leaf}`);
    const answers = examples.map(({ answer = '' }) => answer.replace(/\s+/g, ' '));
    expect(answers.filter((answer) => typed.test(answer))).not.toEqual([]);
  });
});

describe('examplesOf', () => {
  it('reads sh blocks: lines, then what they answer; an empty line separates', () => {
    const text = '```sh\na=1\nb $a\n# one\n# two\nc\n\nd\n```\n# no\n```text\n# no\n```\n';
    expect(examplesOf(text)).toEqual([
      { line: 2, script: 'a=1\nb $a', answer: 'one\ntwo' },
      { line: 6, script: 'c', answer: undefined },
      { line: 8, script: 'd', answer: undefined },
    ]);
  });

  it('refuses an answer to nothing', () => {
    expect(() => examplesOf('```sh\n# yes\n```')).toThrow('nothing to answer');
  });
});

describe('callsOf', () => {
  it('finds calls of canisters by name and in loops', () => {
    const script = 'for c in a b-c; do\n icp canister call $c m "()"\ndone\nicp canister call d n';
    expect(callsOf({ line: 1, script, answer: undefined })).toEqual([
      { canister: 'a', method: 'm' },
      { canister: 'b-c', method: 'm' },
      { canister: 'd', method: 'n' },
    ]);
  });
});

describe('isAnswer', () => {
  it.each([
    ['(\n  record { a = 1 : nat;\n    b;\n  },\n)\n', '(record { a = 1 : nat; b })', true],
    ['abc', 'a…c', true],
    ['ac', 'a…c', true],
    ['abcabd', 'ab…abd', true],
    ['ab', 'ab…b', false],
    ['abc', 'ab', false],
    ['abc', 'bc', false],
    ['abc', '…b…', true],
    ['abc', '…c…b…', false],
    ['(variant { Err })', '(variant { Ok… })', false],
  ])('compares %j with %j: %j', (output, answer, expected) => {
    expect(isAnswer(output, answer)).toBe(expected);
  });
});

describe('methodsOf', () => {
  it('names the methods of a service', () => {
    const candid =
      'type T = nat;\nservice : () -> {\n  // x -> y\n  a : () -> ();\n  b_2 : (\n T) -> (T) query;\n}';
    expect(methodsOf(candid)).toEqual(['a', 'b_2']);
  });

  it('notices what it does not see', () => {
    expect(() => methodsOf('service : () -> {\n a : () -> ();\n}')).toThrow('1 methods, but 0');
    expect(() => methodsOf('type T = nat;')).toThrow('no service');
  });
});
