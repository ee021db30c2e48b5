import { describe, expect, it } from 'vitest';
import { timestampNs } from '@decent-cloud/domain/time.ts';
import {
  ARM,
  catalogueInput,
  machineType,
  SMALL,
  SOLD_OUT,
  typeAt,
} from '../../testing/market.fake.ts';
import type { CloudAccountId } from '../ids.ts';
import type { MachineChoice } from './catalogue.ts';
import type { CatalogueInput } from './check-catalogue.ts';
import { isStale, orderable, specOfChoice, type CatalogueLookup } from './orderable.ts';

const NOW = timestampNs(1_790_000_000_000_000_000n);
const BEFORE = timestampNs(1_788_300_000_000_000_000n);
const MINUTE = 60_000_000_000n;

function lookupOf(changes: Partial<CatalogueInput> = {}): CatalogueLookup {
  const { types, images, locations } = catalogueInput(0 as CloudAccountId, NOW, changes);
  return {
    type: (name) => types.find((one) => one.name === name),
    image: (name) => images.find((one) => one.name === name),
    location: (name) => locations.find((one) => one.name === name),
  };
}

function reasonOf(choice: MachineChoice, changes: Partial<CatalogueInput> = {}): string {
  const result = orderable(lookupOf(changes), choice, NOW);
  return result.kind === 'ok' ? '' : `${result.error.kind}: ${result.error.reason}`;
}

describe('orderable', () => {
  it('gives the machine with its size and country', () => {
    expect(orderable(lookupOf(), SMALL, NOW)).toEqual({
      kind: 'ok',
      value: { ...SMALL, arch: 'x86', cores: 2, memoryMb: 4_096, diskGb: 40, country: 'DE' },
    });
    expect(orderable(lookupOf(), ARM, NOW).kind).toBe('ok');
  });

  it.each<[string, MachineChoice, Partial<CatalogueInput>]>([
    ['unknown: cx99 is not sold by this cloud', { ...SMALL, machineType: 'cx99' }, {}],
    ['unknown: this cloud has no location mars', { ...SMALL, location: 'mars' }, {}],
    ['unknown: cax11 is not sold in Ashburn (ash)', { ...ARM, location: 'ash' }, {}],
    ['unknown: this cloud has no image haiku', { ...SMALL, image: 'haiku' }, {}],
    [
      'unknown: the image debian-12 does not run on cax11, which is arm',
      { ...ARM, image: 'debian-12' },
      {},
    ],
    ['sold-out: cx23 is sold out in Ashburn (ash) now', SOLD_OUT, {}],
    [
      'retired: cx23 was retired in Falkenstein (fsn1) on 2026-09-01',
      SMALL,
      { types: [machineType({ at: [typeAt('fsn1', { unavailableAfter: BEFORE })] })] },
    ],
    [
      'retired: the image ubuntu-24.04 was retired on 2026-09-01',
      SMALL,
      { images: [{ name: 'ubuntu-24.04', archs: ['x86'], unavailableAfter: BEFORE }] },
    ],
  ])('says %s', (reason, choice, changes) => {
    expect(reasonOf(choice, changes)).toBe(reason);
  });

  it('sells until the day of retirement', () => {
    const unavailableAfter = timestampNs(NOW + 1n);
    const types = [machineType({ at: [typeAt('fsn1', { unavailableAfter })] })];
    expect(reasonOf(SMALL, { types })).toBe('');
  });

  it('knows a machine that is sold out', () => {
    expect(specOfChoice(lookupOf(), SOLD_OUT).kind).toBe('ok');
  });

  it('calls a reading stale after 15 minutes', () => {
    expect(isStale(NOW, timestampNs(NOW + 15n * MINUTE))).toBe(false);
    expect(isStale(NOW, timestampNs(NOW + 15n * MINUTE + 1n))).toBe(true);
    expect(isStale(NOW, timestampNs(NOW - 1n))).toBe(false);
  });
});
