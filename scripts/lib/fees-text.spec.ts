import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { MAX_AUTHOR_FEE_BPS, PLATFORM_FEE_BPS } from '@decent-cloud/domain/fees.ts';
import { feesText } from './fees-text.ts';

const MAX_LINES = 40;
const MAX_COLUMNS = 100;

describe('feesText', () => {
  it('is what docs/FEES.md says; after a change run npx tsx scripts/fees-page.ts', () => {
    const page = readFileSync(new URL('../../docs/FEES.md', import.meta.url), 'utf8');
    expect(page).toBe(feesText());
  });

  it('names the shares that the treasury takes', () => {
    const text = feesText().replace(/\s+/g, ' ');
    expect(text).toContain(`The platform takes ${PLATFORM_FEE_BPS / 100} %`);
    expect(text).toContain(`(0 to ${MAX_AUTHOR_FEE_BPS / 100} %)`);
    expect(text).toContain('the provider gets 9200, the author 500, the platform 300.');
  });

  it(`has at most ${MAX_LINES} lines of at most ${MAX_COLUMNS} columns`, () => {
    const lines = feesText().trimEnd().split('\n');
    expect(lines.length).toBeLessThanOrEqual(MAX_LINES);
    expect(lines.filter((line) => line.length > MAX_COLUMNS)).toEqual([]);
  });
});
