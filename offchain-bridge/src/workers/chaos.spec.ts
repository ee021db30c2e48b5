import { describe, expect, it } from 'vitest';
import { Chaos } from '../testing/chaos.fake.ts';

const SEEDS = [1, 2, 3, 4, 5, 6];
const ROUGH = { deathRate: 0.01, stallRate: 0.003, faultRate: 0.05 };

describe('bridges that die', () => {
  it.each(SEEDS)('leave nothing behind, seed %i', async (seed) => {
    const options = {
      seed,
      workers: 5,
      rentals: 50,
      ...ROUGH,
    };
    const result = await new Chaos(options).run();
    expect(result).toMatchObject({
      doubles: 0,
      orphans: 0,
      lost: 0,
      repeatedScripts: 0,
      trespasses: 0,
    });
    expect(result.deaths).toBeGreaterThan(5);
    expect(result.everActive).toBeGreaterThan(10);
  });

  it('do the same again by the same seed', async () => {
    const options = { seed: 11, workers: 3, rentals: 10, ...ROUGH };
    const first = await new Chaos(options).run();
    expect(await new Chaos(options).run()).toEqual(first);
    expect(await new Chaos({ ...options, seed: 12 }).run()).not.toEqual(first);
  });
});
