import { describe, expect, it } from 'vitest';
import { Sight } from './sight.ts';

function sightOf(...heard: readonly (readonly [string, number | undefined])[]): Sight<string> {
  const sight = new Sight<string>();
  for (const [id, atMs] of heard) {
    sight.watch(id);
    if (atMs !== undefined) sight.heard(id, atMs);
  }
  return sight;
}

describe('Sight', () => {
  it('believes the canister about one or two machines', () => {
    expect(sightOf(['a', undefined]).heardBesideMs('a', 50)).toBe(50);
    expect(sightOf(['a', 90], ['b', 40]).heardBesideMs('a', 50)).toBe(50);
    expect(sightOf(['a', 90], ['b', 60]).heardBesideMs('a', 50)).toBe(60);
  });

  it('believes another machine only, from three machines on', () => {
    const sight = sightOf(['a', 90], ['b', 40], ['c', undefined]);
    expect(sight.heardBesideMs('a', 50)).toBe(40);
    expect(sight.heardBesideMs('b', 50)).toBe(90);
    sight.forget('c');
    expect(sight.heardBesideMs('a', 50)).toBe(50);
  });

  it('keeps what it heard of a machine that is watched on', () => {
    const sight = sightOf(['a', 90], ['b', 40], ['c', 30]);
    sight.watch('b');
    expect(sight.heardBesideMs('a', 50)).toBe(40);
  });
});
