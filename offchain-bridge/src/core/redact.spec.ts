import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contextBytes, maskSecrets, printedForms } from './redact.ts';

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

/** Few letters, so that secrets occur, overlap and begin at the end. */
const letters = (max: number): fc.Arbitrary<string> =>
  fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: max });
const secretList = fc.array(
  fc.string({ unit: fc.constantFrom('a', 'b'), minLength: 1, maxLength: 6 }),
  {
    maxLength: 4,
  },
);

/** The rule itself: a byte is covered if some occurrence of some secret holds it. */
function coveredByRule(text: string, secrets: readonly string[]): string {
  const covered = Array.from(text, () => false);
  for (const secret of secrets) {
    for (let at = text.indexOf(secret); at >= 0; at = text.indexOf(secret, at + 1)) {
      covered.fill(true, at, at + secret.length);
    }
  }
  return Array.from(text, (char, index) => (covered[index] === true ? '*' : char)).join('');
}

describe('maskSecrets', () => {
  it('covers each byte of a secret, of letters of several bytes too', () => {
    const { bytes } = maskSecrets(bytesOf('pw=zürich!'), [bytesOf('zürich')]);
    expect(textOf(bytes)).toBe('pw=*******!');
  });

  it('covers all of a longer secret that begins with a shorter one', () => {
    const { bytes } = maskSecrets(
      bytesOf('x hunter22 hunter y'),
      ['hunter', 'hunter22'].map(bytesOf),
    );
    expect(textOf(bytes)).toBe('x ******** ****** y');
  });

  it('follows the rule, and does not touch what it was given', () => {
    fc.assert(
      fc.property(letters(60), secretList, (text, secrets) => {
        const given = bytesOf(text);
        expect(textOf(maskSecrets(given, secrets.map(bytesOf)).bytes)).toBe(
          coveredByRule(text, secrets),
        );
        expect(textOf(given)).toBe(text);
      }),
    );
  });

  it('is settled about what nothing that follows can change, and only about that', () => {
    fc.assert(
      fc.property(letters(30), letters(12), secretList, (text, more, secrets) => {
        const list = secrets.map(bytesOf);
        const { bytes, settledBytes } = maskSecrets(bytesOf(text), list);
        const longer = maskSecrets(bytesOf(text + more), list).bytes;
        expect(longer.slice(0, settledBytes)).toEqual(bytes.slice(0, settledBytes));
        // The next byte is the first of something that may be a secret.
        const isOpen = secrets.some((it) => it.startsWith(text.slice(settledBytes)));
        expect(settledBytes === text.length || isOpen).toBe(true);
      }),
    );
  });

  it('gives the same for a piece of a text, wherever it is cut, with enough around it', () => {
    const cuts = fc.tuple(fc.nat(60), fc.nat(60));
    fc.assert(
      fc.property(letters(60), secretList, cuts, (text, secrets, cut) => {
        const list = secrets.map(bytesOf);
        const around = contextBytes(list);
        const [from, to] = cut.map((at) => Math.min(at, text.length)).sort((a, b) => a - b);
        const start = Math.max(0, (from ?? 0) - around);
        const window = bytesOf(text.slice(start, (to ?? 0) + around));
        const piece = maskSecrets(window, list).bytes.slice((from ?? 0) - start, (to ?? 0) - start);
        expect(textOf(piece)).toBe(coveredByRule(text, secrets).slice(from, to));
      }),
    );
  });
});

describe('printedForms', () => {
  it('knows a secret as shells, JSON and URLs write it', () => {
    const forms = printedForms(` it's "5€" `);
    expect(forms).toEqual(
      [
        ` it's "5€" `,
        `it's "5€"`,
        ` it'\\''s "5€" `,
        ` it's \\"5€\\" `,
        `%20it's%20%225%E2%82%AC%22%20`,
        `it's "5€"`,
      ].filter((form, index, all) => all.indexOf(form) === index),
    );
  });

  it('covers the lines of a key, but not what is between them', () => {
    const forms = printedForms('-----BEGIN-----\nAAAABBBBCCCC\n  \nshort\n');
    expect(forms).toContain('AAAABBBBCCCC');
    expect(forms).not.toContain('short');
    expect(forms).not.toContain('');
  });

  it('takes any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary-ascii' }), (secret) => {
        const forms = printedForms(secret);
        expect(forms.includes(secret)).toBe(secret !== '');
      }),
    );
    expect(printedForms('\ud800')).toContain('\ud800');
  });
});
