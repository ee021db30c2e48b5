import { describe, expect, it } from 'vitest';
import { machineSpec } from '../../testing/recipes.fake.ts';
import { machineMisfit } from './machine-fit.ts';
import type { MinMachine } from './recipe.ts';

const minMachine: MinMachine = { cores: 2, memoryMb: 4_096, diskGb: 40, archs: ['x86'] };
const images = ['ubuntu-24.04'];

describe('machineMisfit', () => {
  it('takes a machine that is exactly large enough', () => {
    expect(machineMisfit({ minMachine, images }, machineSpec())).toBeUndefined();
    const any = { minMachine: { ...minMachine, archs: [] }, images: [] };
    expect(machineMisfit(any, machineSpec({ arch: 'arm', image: 'debian-13' }))).toBeUndefined();
  });

  it.each([
    [{ cores: 1 }, 'it needs 2 cores, and this has 1'],
    [{ memoryMb: 2_048 }, 'it needs 4096 MB of memory, and this has 2048 MB'],
    [{ diskGb: 39 }, 'it needs 40 GB of disk, and this has 39 GB'],
    [{ arch: 'arm' }, 'it runs on x86, and this is arm'],
    [{ image: 'debian-13' }, 'it runs on ubuntu-24.04, and this is debian-13'],
  ] as const)('names what is missing of %j', (change, words) => {
    expect(machineMisfit({ minMachine, images }, machineSpec(change))).toBe(words);
  });
});
