import { describe, expect, it } from 'vitest';
import { scrub, shown } from './scrub.ts';

describe('scrub', () => {
  it.each([
    ['an age key', `key AGE-SECRET-KEY-1${'Q'.repeat(58)} end`, 'key [secret] end'],
    ['a header', 'Authorization: Bearer abc.def', 'Authorization: [secret]'],
    ['a Hetzner token', `got ${'aZ3'.repeat(21)}x, why`, 'got [secret], why'],
    [
      'a private key',
      'a\n-----BEGIN OPENSSH PRIVATE KEY-----\nb3Blb\n-----END OPENSSH PRIVATE KEY-----\nz',
      'a\n[secret]\nz',
    ],
    ['a private key that was cut', '-----BEGIN PRIVATE KEY-----\nMC4CAQ', '[secret]'],
  ])('takes %s out', (_name, text, expected) => {
    expect(scrub(text)).toBe(expected);
  });

  it('leaves hashes, ids and sentences alone', () => {
    const text = `script ${'0a'.repeat(32)} of rental 17 failed with exit 3`;
    expect(scrub(text)).toBe(text);
  });
});

describe('shown', () => {
  it('hides a field by its name', () => {
    expect(shown('cloudToken', 'short')).toBe('[secret]');
    expect(shown('rental', '17')).toBe('17');
  });
});
