import { Buffer } from 'node:buffer';
import { describe, expect, it } from 'vitest';
import { ageRecipientOf, ageSealed } from '../../testing/accounts.fake.ts';
import type { NoticeGroup } from './account.ts';
import { checkAgeKey, checkDisplayName, checkLabel, checkPreferences } from './account-rules.ts';

const refused = (argument: string) => ({ kind: 'err', error: { argument } });
const ageRecipient = ageRecipientOf('ada');

describe('checkDisplayName', () => {
  it.each([
    [' Ada ', 'Ada'],
    ['Ada Lovelace 🚀', 'Ada Lovelace 🚀'],
    ['x'.repeat(64), 'x'.repeat(64)],
  ])('takes %j', (raw, value) => {
    expect(checkDisplayName(raw)).toEqual({ kind: 'ok', value });
  });

  it.each([
    '',
    '  ',
    'x'.repeat(65),
    `Ada${' '.repeat(64)}`,
    'a\nb',
    'a\u0000b',
    'a\u200bb',
    'a\u202eb',
    'a\u2028b',
    'a\ud800b',
  ])('refuses %j', (raw) => {
    expect(checkDisplayName(raw)).toMatchObject(refused('display_name'));
  });
});

describe('checkLabel', () => {
  it('may be left empty', () => {
    expect(checkLabel('')).toEqual({ kind: 'ok', value: '' });
    expect(checkLabel('a\tb')).toMatchObject(refused('label'));
  });
});

describe('checkAgeKey', () => {
  const sealed = ageSealed('identity');
  it.each([
    ['both', { ageRecipient, sealedAgeIdentity: sealed }],
    ['a recipient', { ageRecipient, sealedAgeIdentity: undefined }],
    ['none', { ageRecipient: undefined, sealedAgeIdentity: undefined }],
  ])('takes %s', (_name, input) => {
    expect(checkAgeKey(input)).toEqual({ kind: 'ok', value: input });
  });

  it('refuses an identity that is not encrypted, too long, or alone', () => {
    const plain = new Uint8Array(Buffer.from('AGE-SECRET-KEY-1QYQSZQGPQYQSZQGPQYQSZ'));
    const long = Uint8Array.from([...sealed, ...new Uint8Array(4_096)]);
    for (const sealedAgeIdentity of [plain, long]) {
      const input = { ageRecipient, sealedAgeIdentity };
      expect(checkAgeKey(input)).toMatchObject(refused('sealed_age_identity'));
    }
    const alone = { ageRecipient: undefined, sealedAgeIdentity: sealed };
    expect(checkAgeKey(alone)).toMatchObject(refused('sealed_age_identity'));
  });

  it('refuses a recipient with a wrong character', () => {
    const last = ageRecipient.endsWith('q') ? 'p' : 'q';
    const wrong = ageRecipient.slice(0, -1) + last;
    const input = { ageRecipient: wrong, sealedAgeIdentity: undefined };
    expect(checkAgeKey(input)).toMatchObject(refused('age_recipient'));
  });
});

describe('checkPreferences', () => {
  it.each(['', 'ada@example.com', ' ada+dc@mail.example.co.uk '])('takes %j', (email) => {
    expect(checkPreferences({ email, muted: ['news'] })).toEqual({
      kind: 'ok',
      value: { email: email.trim(), muted: ['news'] },
    });
  });

  it.each([
    'ada',
    'ada@',
    'ada@localhost',
    'Ada <ada@example.com>',
    'a@example.com,b@example.com',
    'a@example.com\r\nBcc: b@example.com',
    'a b@example.com',
    `${'a'.repeat(65)}@example.com`,
    `a@${'b.'.repeat(130)}com`,
    'a@example..com',
  ])('refuses %j', (email) => {
    expect(checkPreferences({ email, muted: [] })).toMatchObject(refused('email'));
  });

  it('refuses a group named twice, and more than there are', () => {
    const muted: NoticeGroup[] = ['news', 'news'];
    expect(checkPreferences({ email: '', muted })).toMatchObject(refused('muted'));
    const many: NoticeGroup[] = ['news', 'money', 'outage', 'lifecycle', 'news'];
    expect(checkPreferences({ email: '', muted: many })).toMatchObject(refused('muted'));
  });
});
