import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AccountId } from '@decent-cloud/domain/ids.ts';
import { timestampNs } from '@decent-cloud/domain/time.ts';
import { parseProfileInput, withInput } from './profile.ts';

const recipient = `age1${'q'.repeat(58)}`;

describe('parseProfileInput', () => {
  it('accepts a name with or without a recipient and trims it', () => {
    expect(parseProfileInput({ displayName: ' Ada ', ageRecipient: recipient })).toEqual({
      kind: 'ok',
      value: { displayName: 'Ada', ageRecipient: recipient },
    });
    expect(parseProfileInput({ displayName: 'Ада 😀', ageRecipient: undefined }).kind).toBe('ok');
  });

  it.each(['', '   ', 'a'.repeat(65), 'a\nb', 'a\u0000', 'a\u202eb', ' '.repeat(100_000)])(
    'refuses the name %j',
    (displayName) => {
      expect(parseProfileInput({ displayName, ageRecipient: undefined })).toMatchObject({
        error: { argument: 'display_name' },
      });
    },
  );

  it.each(['', 'age1', recipient.toUpperCase(), `${recipient}q`, `age1${'b'.repeat(58)}`])(
    'refuses the recipient %j',
    (ageRecipient) => {
      expect(parseProfileInput({ displayName: 'Ada', ageRecipient })).toMatchObject({
        error: { argument: 'age_recipient' },
      });
    },
  );

  it('gives what it would accept again', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (displayName) => {
        const first = parseProfileInput({ displayName, ageRecipient: undefined });
        if (first.kind === 'ok') expect(parseProfileInput(first.value)).toEqual(first);
      }),
    );
  });
});

describe('withInput', () => {
  const input = { displayName: 'Ada', ageRecipient: undefined };
  const at = timestampNs(5n);
  const first = withInput({ existing: undefined, input, at, newId: () => 7 as AccountId });

  it('gives a new account its id and both times', () => {
    expect(first).toEqual({ ...input, id: 7, createdAt: 5n, updatedAt: 5n });
  });

  it('keeps the id and the first time of an existing account', () => {
    const later = timestampNs(9n);
    const newId = () => expect.fail('asked for another id') as AccountId;
    const second = withInput({ existing: first, input, at: later, newId });
    expect(second).toEqual({ ...input, id: 7, createdAt: 5n, updatedAt: 9n });
  });
});
