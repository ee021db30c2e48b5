import { describe, expect, it } from 'vitest';
import { draftText, EMPTY_DRAFT, parseDraft } from './rent-draft.service.ts';

describe('parseDraft', () => {
  it('reads back what was kept', () => {
    const draft = {
      ...EMPTY_DRAFT,
      values: { TITLE: 'Mine' },
      pastedKey: 'ssh-ed25519 AAAA',
      term: { count: '3', unit: 'months' as const },
    };
    expect(parseDraft(draftText(draft))).toEqual(draft);
  });

  it.each([null, '', '{', '{"v":2}', JSON.stringify({ ...EMPTY_DRAFT, v: 2 }), '[]'])(
    'gives nothing for %j',
    (text) => {
      expect(parseDraft(text)).toBeUndefined();
    },
  );

  it('drops what is not of a draft', () => {
    const text = JSON.stringify({ ...EMPTY_DRAFT, secrets: { TOKEN: 'hush' } });
    expect(JSON.stringify(parseDraft(text))).not.toContain('hush');
  });
});

describe('draftText', () => {
  it('never keeps a private key', () => {
    const pastedKey = '-----BEGIN OPENSSH PRIVATE KEY-----\nabc';
    expect(draftText({ ...EMPTY_DRAFT, pastedKey })).not.toContain('abc');
  });
});
