import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { guessBits, judgePassphrase } from './vault-passphrase.service.ts';

describe('judgePassphrase', () => {
  it.each([
    'wet seven carpets burn',
    'correct horse battery staple',
    'Tr0ub4dor&3xyq',
    'пять синих собак спят',
    'k7$Qz!9wPm@',
  ])('takes %j', (passphrase) => {
    expect(judgePassphrase(passphrase)).toEqual({ isGood: true });
  });

  it.each([
    ['', 'at least 12'],
    ['short', 'at least 12'],
    ['elevenchars', 'at least 12'],
    ['aaaaaaaaaaaaaaaa', 'easy to guess'],
    ['abcdefghijklmnop', 'easy to guess'],
    ['123456789012', 'easy to guess'],
    ['abababababababab', 'easy to guess'],
    ['passwordpassword', 'easy to guess'],
    ['qwertyqwerty1234', 'easy to guess'],
  ])('refuses %j', (passphrase, why) => {
    const verdict = judgePassphrase(passphrase);
    expect(verdict.isGood ? '' : verdict.why).toContain(why);
  });
});

describe('guessBits', () => {
  it('does not grow when something is said twice', () => {
    const words = fc.stringMatching(/^[a-z]{6,12}$/);
    fc.assert(
      fc.property(words, (word) => {
        expect(guessBits(word + word + word)).toBeLessThan(guessBits(word) + 3 * Math.log2(26));
      }),
    );
  });
});
