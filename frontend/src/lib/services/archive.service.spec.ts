import { createHash } from 'node:crypto';
import { recordText } from '@decent-cloud/domain/rental-record/rental-record.ts';
import { givenRecord } from '@decent-cloud/domain/testing/rental-record.fake.ts';
import { describe, expect, it } from 'vitest';
import type { Archive } from '../api/wire.ts';
import {
  openArchived,
  outcomeTitle,
  recordStrip,
  recordUptime,
  recordUsd,
  stepLabel,
  wordsOf,
} from './archive.service.ts';

const archived = (body: string, sha256?: string): Archive.Rental => ({
  id: 7n,
  renter: 1n,
  provider: 2n,
  closed_at_ns: 0n,
  title: 't',
  sha256: sha256 ?? createHash('sha256').update(body).digest('hex'),
  body,
});

describe('openArchived', () => {
  it('gives the record with its text byte for byte', async () => {
    const text = recordText(givenRecord());
    const opened = await openArchived(archived(text));
    expect(opened).toMatchObject({ record: givenRecord(), text });
  });

  it('refuses what is not what was hashed, and forms that it does not know', async () => {
    const text = recordText(givenRecord());
    await expect(openArchived(archived(text, 'ab'.repeat(32)))).rejects.toThrow(/not what was/);
    await expect(openArchived(archived('{}'))).rejects.toThrow(/format/);
  });
});

describe('words of a record', () => {
  it('tell the outcome, the steps and the uptime', () => {
    expect(outcomeTitle(givenRecord())).toBe('Cancelled by the renter');
    expect(outcomeTitle(givenRecord({ outcome: null }))).toBe('Closed');
    expect([wordsOf('ssh-reachable'), wordsOf('ServerCreated')]).toEqual([
      'Ssh reachable',
      'Server created',
    ]);
    expect(['ssh-reachable', 'secrets-wiped', 'new-step'].map(stepLabel)).toEqual([
      'SSH reachable',
      'Private data wiped',
      'New step',
    ]);
    expect([recordUsd('8.5'), recordUsd('0.28333334')]).toEqual(['$8.50', '$0.28']);
    expect(recordUptime(givenRecord())).toBe('99.652 % of 288 checks');
    const { health } = givenRecord();
    expect(recordUptime(givenRecord({ health: { ...health, uptime_ppm: null } }))).toBe('no data');
  });

  it('draw the days until the last one that was measured', () => {
    const strip = recordStrip(givenRecord());
    expect(strip).toHaveLength(90);
    expect(strip.at(-1)).toMatchObject({ kind: 'minor' });
    expect(strip[0]?.kind).toBe('none');
    const { health } = givenRecord();
    expect(recordStrip(givenRecord({ health: { ...health, days: [] } }))).toEqual([]);
  });
});
