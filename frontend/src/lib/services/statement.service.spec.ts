import { describe, expect, it } from 'vitest';
import {
  monthLabel,
  statementFile,
  statementSpans,
  type ReadStatementPart,
  type StatementPart,
} from './statement.service.ts';

const HEADER = 'planned_at,paid_at,rental\r\n';
const ROW = (id: number): string => `2026-11-0${id}T00:00:00Z,,"a ""quoted""\nvalue ${id}"\r\n`;

function reader(parts: readonly StatementPart[]): ReadStatementPart {
  return (from) => {
    const part = parts[Number(from ?? 0n)];
    if (part === undefined) throw new Error('no such part');
    return Promise.resolve(part);
  };
}

describe('statementFile', () => {
  it('puts CSV parts together with one header', async () => {
    const file = await statementFile(
      'csv',
      reader([
        { text: HEADER + ROW(1) + ROW(2), lines: 2, next: 1n },
        { text: '', lines: 0, next: 2n },
        { text: ROW(3), lines: 1, next: undefined },
      ]),
    );
    expect(file).toEqual({ text: HEADER + ROW(1) + ROW(2) + ROW(3), lines: 3 });
  });

  it('drops a header that comes again', async () => {
    const file = await statementFile(
      'csv',
      reader([
        { text: HEADER + ROW(1), lines: 1, next: 1n },
        { text: HEADER + ROW(2), lines: 1, next: undefined },
      ]),
    );
    expect(file.text).toBe(HEADER + ROW(1) + ROW(2));
  });

  it('makes no file without a header, or with another number of lines than was counted', async () => {
    const bare = reader([{ text: ROW(1), lines: 1, next: undefined }]);
    await expect(statementFile('csv', bare)).rejects.toThrow('has no header');
    const short = reader([{ text: HEADER + ROW(1), lines: 2, next: undefined }]);
    await expect(statementFile('csv', short)).rejects.toThrow(
      '1 lines, and the treasury counted 2',
    );
  });

  it('puts JSON parts together to one list', async () => {
    const file = await statementFile(
      'json',
      reader([
        { text: '[\n{"rental":"1"},\n{"rental":"2"}\n]\n', lines: 2, next: 1n },
        { text: '[\n{"rental":"3"}\n]\n', lines: 1, next: undefined },
      ]),
    );
    expect(JSON.parse(file.text)).toEqual([{ rental: '1' }, { rental: '2' }, { rental: '3' }]);
    expect(file.text.split('\n')).toHaveLength(6);
    const none = await statementFile('json', reader([{ text: '[]\n', lines: 0, next: undefined }]));
    expect(none).toEqual({ text: '[]\n', lines: 0 });
  });
});

describe('statementSpans', () => {
  const NOW_MS = Date.UTC(2026, 0, 15, 12);

  it('is the month that runs and those before, without gaps, then everything', () => {
    const spans = statementSpans(NOW_MS, 3);
    expect(spans.map(({ value }) => value)).toEqual(['2026-01', '2025-12', '2025-11', 'all']);
    expect(spans[1]).toEqual({
      value: '2025-12',
      label: 'December 2025',
      fromNs: BigInt(Date.UTC(2025, 11, 1)) * 1_000_000n,
      toNs: BigInt(Date.UTC(2026, 0, 1)) * 1_000_000n,
    });
    expect(spans[0]?.fromNs).toBe(spans[1]?.toNs);
    expect(spans[3]).toMatchObject({ fromNs: 0n, toNs: spans[0]?.toNs });
  });
});

describe('monthLabel', () => {
  it('is the month in words', () => expect(monthLabel('2026-11')).toBe('November 2026'));
});
