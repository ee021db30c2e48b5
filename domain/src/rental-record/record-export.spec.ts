import { describe, expect, it } from 'vitest';
import { parseCsv } from '../testing/parse-csv.fake.ts';
import { givenRecord } from '../testing/rental-record.fake.ts';
import { readRecord } from './read-record.ts';
import { RECORD_COLUMNS, recordsText, type KeptRecord } from './record-export.ts';
import { recordText, type RentalRecord } from './rental-record.ts';

const keptOf = (record: RentalRecord): KeptRecord => ({
  record,
  text: recordText(record),
  sha256: 'cd'.repeat(32),
});

describe('recordsText', () => {
  it('makes one CSV file of two parts', () => {
    const first = keptOf(givenRecord());
    const bare = keptOf(
      givenRecord({
        id: 8,
        terms: { ...givenRecord().terms, recipe: null },
        outcome: null,
        closed_at: null,
        started_at: null,
      }),
    );
    const parts = [
      recordsText({ format: 'csv', records: [first], isFirst: true }),
      recordsText({ format: 'csv', records: [bare], isFirst: false }),
    ];
    const [header, one, other] = parseCsv(parts.join(''));
    expect(header).toEqual(RECORD_COLUMNS);
    const cell = (row: readonly string[] | undefined, column: string) =>
      row?.[RECORD_COLUMNS.indexOf(column)];
    expect(cell(one, 'reason')).toBe('You cancelled, "for now".');
    expect(cell(one, 'uptime_percent')).toBe('99.6527');
    expect(cell(one, 'term_days')).toBe('30');
    expect(cell(one, 'escrows')).toBe('11');
    expect(cell(one, 'record_sha256')).toBe('cd'.repeat(32));
    expect([cell(one, 'renter'), cell(one, 'provider')]).toEqual(['1', '2']);
    expect([cell(one, 'machine'), cell(one, 'version')]).toEqual(['cx23', '1.4.2']);
    expect(cell(other, 'rental')).toBe('8');
    expect(['version', 'cause', 'started_at'].map((column) => cell(other, column))).toEqual([
      '',
      '',
      '',
    ]);
  });

  it('names what ran last and the machine that it was', () => {
    const { terms } = givenRecord();
    const [first] = terms.choices;
    if (first === undefined || terms.recipe === null) throw new Error('nothing agreed');
    const choices = [first, { ...first, type: 'cx43' }];
    const upgraded = { ...terms.recipe, version: '1.5.0' };
    const record = givenRecord({ terms: { ...terms, choices }, choice: 1, recipe: upgraded });
    const text = recordsText({ format: 'csv', records: [keptOf(record)], isFirst: false });
    const row = parseCsv(text)[0] ?? [];
    const cells = ['machine', 'version'].map((column) => row[RECORD_COLUMNS.indexOf(column)]);
    expect(cells).toEqual(['cx43', '1.5.0']);
  });

  it('leaves the uptime blank where nothing was measured', () => {
    const unmeasured = keptOf(
      givenRecord({ health: { ...givenRecord().health, uptime_ppm: null } }),
    );
    const text = recordsText({ format: 'csv', records: [unmeasured], isFirst: false });
    expect(parseCsv(text)[0]?.[RECORD_COLUMNS.indexOf('uptime_percent')]).toBe('');
  });

  it('keeps each record byte for byte in JSON', () => {
    const records = [keptOf(givenRecord()), keptOf(givenRecord({ id: 8 }))];
    const text = recordsText({ format: 'json', records, isFirst: true });
    for (const record of records) expect(text).toContain(`"record":${record.text}}`);
    expect(JSON.parse(text)).toEqual(records.map(({ record, sha256 }) => ({ sha256, record })));
    expect(recordsText({ format: 'json', records: [], isFirst: true })).toBe('[]\n');
  });
});

describe('readRecord', () => {
  it('reads what recordText wrote', () => {
    const record = givenRecord();
    expect(readRecord(recordText(record))).toEqual({ kind: 'ok', value: record });
  });

  it.each([
    ['no JSON', '{'],
    ['a list', '[]'],
    ['null', 'null'],
    ['another format', JSON.stringify({ ...givenRecord(), format: 'decent-cloud/rental/2' })],
    ['no terms', JSON.stringify({ ...givenRecord(), terms: undefined })],
    ['a title that is a number', JSON.stringify({ ...givenRecord(), title: 7 })],
    ['a period without an escrow', JSON.stringify({ ...givenRecord(), periods: [{}] })],
  ])('refuses %s', (_, text) => {
    expect(readRecord(text)).toMatchObject({ error: { kind: 'invalid-record' } });
  });
});
