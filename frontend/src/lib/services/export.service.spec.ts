import { createHash } from 'node:crypto';
import { recordsText } from '@decent-cloud/domain/rental-record/record-export.ts';
import { recordText } from '@decent-cloud/domain/rental-record/rental-record.ts';
import { givenRecord } from '@decent-cloud/domain/testing/rental-record.fake.ts';
import { parseCsv } from '@decent-cloud/domain/testing/parse-csv.fake.ts';
import { describe, expect, it } from 'vitest';
import { csvRecords, exportFile, sha256Hex, type ExportFormat } from './export.service.ts';

const hashOf = (text: string) => createHash('sha256').update(text).digest('hex');
const NOW_MS = Date.UTC(2026, 10, 23);

const keptOf = (id: number) => {
  const record = givenRecord({ id, title: `“A”, "${id}"\nsecond line, {"id":99}` });
  const text = recordText(record);
  return { record, text, sha256: hashOf(text) };
};

/** A canister that gives these rentals, two in a part. */
function source(format: ExportFormat, ids: readonly number[]) {
  return (from: bigint | undefined) => {
    const at = Number(from ?? 0n);
    const records = ids.slice(at, at + 2).map(keptOf);
    const content = recordsText({ format, records, isFirst: from === undefined });
    const next = at + 2 < ids.length ? BigInt(at + 2) : undefined;
    return Promise.resolve({ content, sha256: hashOf(content), next });
  };
}

describe('exportFile', () => {
  it('makes one JSON file of all parts, each record byte for byte and once', async () => {
    const sources = [source('json', [9, 8, 7]), source('json', [7, 3, 2])];
    const told: number[] = [];
    const onPart = (parts: number) => told.push(parts);
    const file = await exportFile({ format: 'json', sources, nowMs: NOW_MS, onPart });
    const items = JSON.parse(file.text) as { readonly sha256: string; readonly record: object }[];
    expect(items.map(({ record }) => (record as { readonly id: number }).id)).toEqual([
      9, 8, 7, 3, 2,
    ]);
    for (const { sha256, record } of items) expect(hashOf(JSON.stringify(record))).toBe(sha256);
    expect(file).toMatchObject({
      name: 'decent-cloud-rentals-2026-11-23.json',
      sha256: hashOf(file.text),
      records: 5,
      parts: 4,
    });
    expect(told).toEqual([1, 2, 3, 4]);
  });

  it('makes one CSV file with one header', async () => {
    const sources = [source('csv', [9, 8, 7]), source('csv', [7, 3])];
    const file = await exportFile({ format: 'csv', sources, nowMs: NOW_MS });
    const [header, ...rows] = parseCsv(file.text);
    expect(header?.[0]).toBe('rental');
    expect(rows.map(([id]) => id)).toEqual(['9', '8', '7', '3']);
    expect(rows[0]?.[1]).toContain('second line');
  });

  it.each(['json', 'csv'] as const)('makes an empty %s file of nothing', async (format) => {
    const sources = [source(format, []), source(format, [])];
    const file = await exportFile({ format, sources, nowMs: NOW_MS });
    expect(file.records).toBe(0);
    if (format === 'json') expect(JSON.parse(file.text)).toEqual([]);
    else expect(parseCsv(file.text)).toHaveLength(1);
  });

  it('makes no file of a part that is not what was hashed', async () => {
    const honest = source('json', [1]);
    const forged = async (from: bigint | undefined) => {
      const part = await honest(from);
      return { ...part, content: part.content.replace('cx23', 'cx99') };
    };
    const made = exportFile({ format: 'json', sources: [forged], nowMs: NOW_MS });
    await expect(made).rejects.toThrow(/not what the canister hashed/);
  });
});

describe('sha256Hex', () => {
  it('is the well-known hash of “abc”', async () => {
    const known = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
    expect(await sha256Hex('abc')).toBe(known);
    expect(await sha256Hex(new TextEncoder().encode('abc'))).toBe(known);
  });
});

describe('csvRecords', () => {
  it('does not cut a quoted cell with line ends', () => {
    expect(csvRecords('a,"1\r\n""2"\r\nb,3\r\n')).toEqual(['a,"1\r\n""2"\r\n', 'b,3\r\n']);
    expect(csvRecords('a,b')).toEqual(['a,b']);
  });
});
