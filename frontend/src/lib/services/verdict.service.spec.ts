import { describe, expect, it } from 'vitest';
import { verdictOf, type CanisterLine } from './verdict.service.ts';

const answers: CanisterLine = {
  name: 'rental',
  canisterId: 'a',
  status: { kind: 'answers', version: '0.1.0', responseMs: 5 },
};
const silent: CanisterLine = {
  name: 'archive',
  canisterId: 'b',
  status: { kind: 'silent', reason: 'stopped' },
};
const checking: CanisterLine = { name: 'treasury', canisterId: 'c', status: { kind: 'checking' } };

describe('verdictOf', () => {
  it.each([
    { desc: 'nothing known', lines: [], tone: 'waiting', text: 'Asking the canisters …' },
    {
      desc: 'one asked',
      lines: [answers, checking],
      tone: 'waiting',
      text: 'Asking the canisters …',
    },
    { desc: 'all answer', lines: [answers], tone: 'good', text: 'All 1 canisters answer.' },
    {
      desc: 'one silent while another is asked',
      lines: [answers, silent, checking],
      tone: 'bad',
      text: '1 of 3 canisters do not answer.',
    },
  ])('is $tone with $desc', ({ lines, tone, text }) => {
    expect(verdictOf(lines)).toEqual({ tone, text });
  });
});
