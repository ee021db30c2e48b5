import { Principal } from '@dfinity/principal';
import { describe, expect, it } from 'vitest';
import { after, durationNs, timestampNs } from '@decent-cloud/domain/time.ts';
import { RateLimiter } from './rate-limiter.ts';

const alice = Principal.fromUint8Array(Uint8Array.of(1));
const bob = Principal.fromUint8Array(Uint8Array.of(2));
const windowNs = durationNs({ seconds: 60 });
const start = timestampNs(1_000n);

describe('RateLimiter', () => {
  it('refuses what is beyond the limit until the window is over, for each caller alone', () => {
    const limiter = new RateLimiter({ windowNs, limit: 2, maxCallers: 10 });
    expect(limiter.take(alice, start).kind).toBe('ok');
    expect(limiter.take(alice, start).kind).toBe('ok');
    const later = after(start, durationNs({ seconds: 20 }));
    expect(limiter.take(alice, later)).toMatchObject({
      error: { leaf: { kind: 'rate-limited', retryAfterNs: 40_000_000_000n } },
    });
    expect(limiter.take(bob, later).kind).toBe('ok');
    expect(limiter.take(alice, after(start, windowNs)).kind).toBe('ok');
  });

  it('remembers a bounded number of callers', () => {
    const limiter = new RateLimiter({ windowNs, limit: 1, maxCallers: 1 });
    limiter.take(alice, start);
    limiter.take(bob, start);
    expect(limiter.take(alice, start).kind).toBe('ok');
  });
});
