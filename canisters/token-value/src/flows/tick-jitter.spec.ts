import { Principal } from '@dfinity/principal';
import { describe, expect, it } from 'vitest';
import { timestampNs } from '@decent-cloud/domain/time.ts';
import { jitterSeconds } from './tick-jitter.ts';

const [one, other] = [1, 2].map((byte) => Principal.fromUint8Array(Uint8Array.of(byte))) as [
  Principal,
  Principal,
];
const START = 1_795_000_000_000_000_000n;
const TICK = 300n * 1_000_000_000n;

function jitters(self: Principal): number[] {
  return Array.from({ length: 288 }, (_, tick) =>
    jitterSeconds({ at: timestampNs(START + BigInt(tick) * TICK), self, spreadSeconds: 59 }),
  );
}

describe('jitterSeconds', () => {
  it('stays within its spread and uses all of it', () => {
    const values = jitters(one);
    expect(Math.min(...values)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...values)).toBeLessThan(59);
    expect(new Set(values).size).toBeGreaterThan(50);
  });

  it('is the same for the same moment and differs between canisters', () => {
    expect(jitters(one)).toEqual(jitters(one));
    expect(jitters(one)).not.toEqual(jitters(other));
  });
});
