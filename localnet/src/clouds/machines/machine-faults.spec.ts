import { describe, expect, it } from 'vitest';
import { MachineFaults } from './machine-faults.ts';

const DRAWS = 2_000;

function admitted(faults: MachineFaults): boolean[] {
  return Array.from({ length: DRAWS }, () => faults.admitsConnection());
}

describe('MachineFaults', () => {
  it('loses about the share, the same connections for the same seed', () => {
    const faults = new MachineFaults();
    faults.set([{ kind: 'lossy', share: 0.05, seed: 42 }]);
    const first = admitted(faults);
    const lost = first.filter((isIn) => !isIn).length;
    expect(lost).toBeGreaterThan(DRAWS * 0.03);
    expect(lost).toBeLessThan(DRAWS * 0.07);
    faults.set([{ kind: 'lossy', share: 0.05, seed: 42 }]);
    expect(admitted(faults)).toEqual(first);
    faults.set([{ kind: 'lossy', share: 0.05, seed: 43 }]);
    expect(admitted(faults)).not.toEqual(first);
  });

  it.each([
    [0, true],
    [1, false],
  ])('with a share of %s admits: %s', (share, isIn) => {
    const faults = new MachineFaults();
    faults.set([{ kind: 'lossy', share, seed: 1 }]);
    expect(new Set(admitted(faults))).toEqual(new Set([isIn]));
  });

  it('knows what is set, and forgets it', () => {
    const faults = new MachineFaults();
    const state = (): unknown[] => [
      faults.isUnreachable,
      faults.isDiskFull,
      faults.hasWrongHostKey,
      faults.dropsSshAfterMs,
    ];
    faults.set([{ kind: 'unreachable' }, { kind: 'disk-full' }, { kind: 'drop-ssh', afterMs: 9 }]);
    expect(state()).toEqual([true, true, false, 9]);
    faults.set([{ kind: 'wrong-host-key' }]);
    expect(state()).toEqual([false, false, true, undefined]);
  });
});
