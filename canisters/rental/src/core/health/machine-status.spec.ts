import { describe, expect, it } from 'vitest';
import { timestampNs } from '@decent-cloud/domain/time.ts';
import { checksText } from './checks-text.ts';
import {
  NOTHING_SEEN,
  takeFlip,
  takeLost,
  type Flip,
  type MachineStatus,
} from './machine-status.ts';

const MINUTE = 60_000_000_000n;
const at = (minutes: number) =>
  timestampNs(1_000n * MINUTE + BigInt(minutes * 1_000) * (MINUTE / 1_000n));
const flip = (minutes: number, isUp: boolean): Flip => ({
  at: at(minutes),
  isUp,
  checks: [{ what: 'TCP 22', result: isUp ? 'open' : 'no answer', latencyMs: 5_000 }],
  nextCheck: at(minutes + 1),
});

function after(status: MachineStatus, isByPlatform: boolean, ...flips: readonly Flip[]) {
  let now = status;
  for (const one of flips) {
    const outcome = takeFlip(now, one, isByPlatform);
    expect(outcome.kind).toBe('taken');
    if (outcome.kind === 'taken') now = outcome.status;
  }
  return now;
}

describe('takeFlip', () => {
  it('takes each change once', () => {
    expect(takeFlip(NOTHING_SEEN, flip(0, true), true)).toEqual({ kind: 'duplicate' });
    const down = after(NOTHING_SEEN, false, flip(0, false));
    expect(takeFlip(down, flip(1, false), false)).toEqual({ kind: 'duplicate' });
    expect(after(down, false, flip(1, true)).flip).toEqual(flip(1, true));
  });

  it('takes no change within a second of the last, nor one from before it', () => {
    const down = after(NOTHING_SEEN, true, flip(0, false));
    expect(takeFlip(down, flip(0.01, true), true)).toEqual({ kind: 'duplicate' });
    expect(takeFlip(down, flip(-3, true), true)).toEqual({ kind: 'duplicate' });
    expect(takeFlip(down, flip(0.02, true), true).kind).toBe('taken');
  });

  it('lets the word of a platform agent stand for an hour against the sellers', () => {
    const down = after(NOTHING_SEEN, true, flip(0, false));
    expect(takeFlip(down, flip(59, true), false)).toEqual({ kind: 'outvoted' });
    expect(takeFlip(down, flip(60, true), false).kind).toBe('taken');
    expect(takeFlip(down, flip(5, true), true).kind).toBe('taken');
  });
});

describe('takeLost', () => {
  it('believes the second report, ten minutes to two hours after the first', () => {
    const first = takeLost(NOTHING_SEEN, at(0));
    expect(first.isLost).toBe(false);
    expect(takeLost(first.status, at(9)).isLost).toBe(false);
    expect(takeLost(first.status, at(10)).isLost).toBe(true);
    expect(takeLost(first.status, at(120)).isLost).toBe(true);
    const late = takeLost(first.status, at(121));
    expect(late).toEqual({ isLost: false, status: { ...NOTHING_SEEN, lostAt: at(121) } });
  });

  it('begins anew once the machine was up', () => {
    const { status } = takeLost(after(NOTHING_SEEN, false, flip(0, false)), at(0));
    expect(after(status, false, flip(5, true)).lostAt).toBeUndefined();
  });
});

describe('checksText', () => {
  it('says what was tried, what came back and when it looks again', () => {
    expect(checksText(flip(0, false))).toBe(
      'Tried TCP 22: no answer after 5000 ms. Next check at 1970-01-01 16:41:00 UTC.',
    );
  });

  it('is one bounded line whatever an agent sends', () => {
    const check = { what: `a\nb\u202e${'x'.repeat(500)}`, result: '\u0000', latencyMs: 1 };
    const text = checksText({ checks: Array<typeof check>(8).fill(check), nextCheck: at(0) });
    expect(text.startsWith('Tried a b xxx')).toBe(true);
    expect(/[\p{Cc}\p{Cf}]/u.test(text)).toBe(false);
    expect(text.length).toBeLessThan(500);
  });
});
