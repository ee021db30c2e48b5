import { describe, expect, it } from 'vitest';
import type { Rental } from '../api/wire.ts';
import {
  defaultOf,
  fieldError,
  fieldErrors,
  rentInputs,
  secretBytes,
} from './rent-fields.service.ts';

type FieldType = Rental.RecipeField['field_type'];

function field(name: string, type: FieldType, isRequired = true): Rental.RecipeField {
  return { name, label: name.toLowerCase(), help: '', is_required: isRequired, field_type: type };
}

const TITLE = field('TITLE', { Text: { default: 'Hello', max_length: 10 } });
const COUNT = field('COUNT', { Number: { default: 3n, min: -5n, max: 9n } });
const SIZE = field('SIZE', { Choice: { options: ['small', 'large'], default: 'small' } });
const PORT = field('PORT', { Port: { default: 8_080 } });
const OTHER_PORT = field('OTHER', { Port: { default: 9_090 } }, false);
const TOKEN = field('TOKEN', { Secret: null });
const EXTRA = field('EXTRA', { Secret: null }, false);
const MADE = field('MADE', { GeneratedSecret: { length: 20 } });
const ALL = [TITLE, COUNT, SIZE, PORT, OTHER_PORT, TOKEN, EXTRA, MADE];

describe('fieldError', () => {
  it('takes every default', () => {
    for (const one of [TITLE, COUNT, SIZE, PORT, OTHER_PORT, MADE]) {
      expect(fieldError(one, defaultOf(one))).toBeUndefined();
    }
  });

  it.each([
    [TITLE, '', 'The recipe cannot run without it.'],
    [TITLE, 'x'.repeat(11), 'At most 10 characters; these are 11.'],
    [TITLE, 'a\u{202e}b', 'It holds a character that cannot be seen: type it anew.'],
    [TITLE, 'a\u0007b', 'It holds a character that cannot be seen: type it anew.'],
    [COUNT, '10', 'A whole number from -5 to 9.'],
    [COUNT, '1.5', 'A whole number from -5 to 9.'],
    [COUNT, '07', 'A whole number from -5 to 9.'],
    [COUNT, '-0', 'A whole number from -5 to 9.'],
    [SIZE, 'medium', 'Choose one of the list.'],
    [PORT, '0', 'A whole number from 1 to 65535.'],
    [PORT, '65536', 'A whole number from 1 to 65535.'],
    [PORT, '', 'A whole number from 1 to 65535.'],
    [TOKEN, '', 'The recipe cannot run without it.'],
    [TOKEN, 'a\0b', 'It holds a character that cannot be used.'],
  ])('refuses %o = %j', (one, value, words) => {
    expect(fieldError(one, value)).toBe(words);
  });

  it('takes lines and tabs in a text, and nothing for what is optional', () => {
    expect(fieldError(TITLE, 'a\n\tb')).toBeUndefined();
    expect(fieldError(OTHER_PORT, '')).toBeUndefined();
    expect(fieldError(EXTRA, '')).toBeUndefined();
  });
});

describe('fieldErrors', () => {
  it('finds two ports that are the same, with defaults filled in', () => {
    const errors = fieldErrors([PORT, OTHER_PORT], {
      values: { PORT: '9090', OTHER: '' },
      secrets: {},
    });
    expect([...errors]).toEqual([['OTHER', 'port has this port already.']]);
  });

  it('bounds what has to be sealed', () => {
    const errors = fieldErrors([TOKEN], { values: {}, secrets: { TOKEN: 'x'.repeat(16_000) } });
    expect([...errors]).toEqual([['TOKEN', 'All secrets together are at most 15 KB.']]);
  });
});

describe('rentInputs', () => {
  it('says defaults, names secrets that were given, and says nothing of the machine’s own', () => {
    const typed = { values: { TITLE: 'Mine', OTHER: '' }, secrets: { TOKEN: 'hush' } };
    expect(rentInputs(ALL, typed)).toEqual({
      values: [
        { name: 'TITLE', value: 'Mine' },
        { name: 'COUNT', value: '3' },
        { name: 'SIZE', value: 'small' },
        { name: 'PORT', value: '8080' },
      ],
      secret_names: ['TOKEN'],
    });
  });

  it('seals exactly the secrets that it names', () => {
    const bytes = secretBytes(ALL, { TOKEN: 'hüsh', EXTRA: '', UNKNOWN: 'x' });
    expect(JSON.parse(new TextDecoder().decode(bytes))).toEqual({ TOKEN: 'hüsh' });
  });
});
