import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseCsv } from './testing/parse-csv.fake.ts';
import { csvRecord } from './csv.ts';

describe('csvRecord', () => {
  it('quotes what RFC 4180 says and nothing else', () => {
    expect(csvRecord(['a', 'b c', 'd,e', 'f"g', 'h\r\ni', ''])).toBe(
      'a,b c,"d,e","f""g","h\r\ni",\r\n',
    );
  });

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '\n=1', '＝1', '＋1', '－1', '＠x'])(
    'makes text of a formula: %j',
    (formula) => {
      expect(parseCsv(csvRecord([formula]))).toEqual([[`'${formula}`]]);
    },
  );

  it('gives every cell back to a parser, and no cell begins like a formula', () => {
    const any = fc.oneof(fc.string(), fc.constantFrom('"', ',', '\r\n', '=HYPERLINK("x")', '-2'));
    const cells = fc.array(any, { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(fc.array(cells, { minLength: 1, maxLength: 4 }), (records) => {
        const parsed = parseCsv(records.map(csvRecord).join(''));
        expect(parsed.map((record) => record.map((cell) => cell.replace(/^'/, '')))).toEqual(
          records.map((record) => record.map((cell) => cell.replace(/^'/, ''))),
        );
        for (const cell of parsed.flat()) expect(cell).not.toMatch(/^[=+\-@\t\r\n＝＋－＠]/);
      }),
    );
  });
});
