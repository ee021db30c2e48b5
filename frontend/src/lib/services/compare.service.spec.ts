import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import type { Rental } from '../api/wire.ts';
import {
  compareKeysOf,
  compareRows,
  compareText,
  monthsOf,
  toggled,
  type CompareItem,
} from './compare.service.ts';

const HOUR_NS = 3_600_000_000_000n;
const MONTH_NS = 720n * HOUR_NS;

interface Asked {
  readonly price: bigint;
  readonly cores?: number;
  readonly runs?: bigint;
  readonly maxTermNs?: bigint;
}

function item({ price, cores = 2, runs = 0n, maxTermNs = 12n * MONTH_NS }: Asked): CompareItem {
  const choice = { machine_type: 'cx23', location: 'fsn1', image: 'ubuntu-24.04' };
  const spec: Rental.MachineSpec = {
    ...choice,
    arch: { X86: null },
    cores,
    memory_mb: 4_096,
    disk_gb: 40,
    country: 'DE',
  };
  const offering: Rental.Offering = {
    id: 1n,
    provider: 1n,
    status: { Open: null },
    created_at_ns: 0n,
    updated_at_ns: 0n,
    cloud_account_id: 1n,
    title: 'A machine',
    description: '',
    choices: [choice],
    recipe: [],
    price_per_month_usd_e8: price,
    min_term_ns: HOUR_NS,
    max_term_ns: maxTermNs,
    sla_credits: [{ below_ppm: 999_000, credit_bps: 1_000 }],
    notice_ns: HOUR_NS,
    provision_within_ns: HOUR_NS,
    provider_penalty_bps: 500,
    visibility: { Public: null },
  };
  const stats: Rental.OfferingView['stats'] = {
    runs,
    successes: runs,
    p50_seconds: runs === 0n ? [] : [60n],
    p95_seconds: [],
  };
  return {
    offeringId: 1n,
    choiceIndex: 0,
    recipeName: undefined,
    view: {
      offering,
      provider_name: 'Seller',
      trust: [],
      backend: [{ Hetzner: null }],
      machines: [{ choice, spec: [spec], is_orderable: true, reason: '' }],
      read_at_ns: [],
      agent_recipient: [],
      stats,
    },
  };
}

function row(items: readonly CompareItem[], label: string, months = 1) {
  return compareRows(items, { months }).find((one) => one.label === label);
}

describe('compareRows', () => {
  it('marks the best of a row in which they differ', () => {
    const items = [item({ price: 790_000_000n, cores: 4 }), item({ price: 740_000_000n })];
    expect(row(items, 'Price a month')?.cells).toEqual([
      { text: '$7.90', isBest: false },
      { text: '$7.40', isBest: true },
    ]);
    expect(row(items, 'Cores')?.cells.map(({ isBest }) => isBest)).toEqual([true, false]);
  });

  it('marks nothing where all are the same', () => {
    const same = row([item({ price: 1n }), item({ price: 1n })], 'Memory');
    expect(same).toMatchObject({ isSame: true, cells: [{ isBest: false }, { isBest: false }] });
  });

  it('does not take no runs for good ones', () => {
    const cells = row([item({ price: 1n, runs: 3n }), item({ price: 1n })], 'Success')?.cells;
    expect(cells).toEqual([
      { text: '3 of 3 runs went well', isBest: true },
      { text: 'No runs yet', isBest: false },
    ]);
  });

  it('adds months up, and says when one term is too short for them', () => {
    const items = [item({ price: 790_000_000n }), item({ price: 1n, maxTermNs: MONTH_NS })];
    const cells = row(items, 'Total for 3 months', 3)?.cells.map(({ text }) => text);
    expect(cells?.[0]).toBe('$23.70');
    expect(cells?.[1]).toContain('of which 30 d at first');
  });
});

describe('compareKeysOf', () => {
  const keys = fc.uniqueArray(
    fc.record({
      offeringId: fc.bigInt({ min: 0n, max: 10n ** 18n }),
      choiceIndex: fc.nat({ max: 99 }),
    }),
    { maxLength: 4, selector: (key) => `${key.offeringId}.${key.choiceIndex}` },
  );

  test.prop([keys])('reads what compareText wrote', (compared) => {
    expect(compareKeysOf(compareText(compared))).toEqual(compared);
  });

  it('takes four at most, each once, and leaves out what makes no sense', () => {
    const keysRead = compareKeysOf('1.0,1.0,x,2.0,-3.1,3.0,4.0,5.0');
    expect(keysRead.map(({ offeringId }) => offeringId)).toEqual([1n, 2n, 3n, 4n]);
    expect(compareKeysOf(null)).toEqual([]);
  });
});

describe('toggled', () => {
  it('adds, takes out, and lets a full list be', () => {
    const four = compareKeysOf('1.0,2.0,3.0,4.0');
    expect(toggled(four, { offeringId: 5n, choiceIndex: 0 })).toEqual(four);
    expect(compareText(toggled(four, { offeringId: 2n, choiceIndex: 0 }))).toBe('1.0,3.0,4.0');
    expect(compareText(toggled([], { offeringId: 2n, choiceIndex: 1 }))).toBe('2.1');
  });
});

describe('monthsOf', () => {
  it.each([
    [null, 1],
    ['0', 1],
    ['13', 1],
    ['x', 1],
    ['12', 12],
  ])('takes %j for %i', (text, months) => {
    expect(monthsOf(text)).toBe(months);
  });
});
