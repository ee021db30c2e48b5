import { createHash } from 'node:crypto';
import { SeededRandom } from '@decent-cloud/localnet/system/ledger/faults/seeded-random.ts';

/** A generator of its own for everybody who decides something, so that they do not disturb each other. */
export function randomFor(seed: number, name: string): SeededRandom {
  return new SeededRandom(subSeed(seed, name));
}

export function subSeed(seed: number, name: string): number {
  return createHash('sha256').update(`${seed}/${name}`).digest().readUInt32LE();
}

/** One of them, each as likely as its weight. */
export function chosen<T>(random: SeededRandom, weights: readonly (readonly [T, number])[]): T {
  const sum = weights.reduce((total, [, weight]) => total + weight, 0);
  let left = random.next() * sum;
  for (const [value, weight] of weights) {
    left -= weight;
    if (left < 0) return value;
  }
  throw new RangeError('there is nothing to choose from');
}
