import { describe, expect, it } from 'vitest';
import type { Priority } from '../core/rate-bucket.ts';
import { FakeClock } from '../testing/fake-clock.fake.ts';
import { RateLimiter, type Permit } from './rate-limiter.ts';

const LATE_MS = 10_000_000;

/** The bucket of a cloud: refuses what is too much. */
class CloudBucket {
  readonly #clock: FakeClock;
  readonly #limit: number;
  #tokens: number;
  #atMs = 0;
  refusals = 0;

  constructor(clock: FakeClock, limit: number) {
    this.#clock = clock;
    this.#limit = limit;
    this.#tokens = limit;
  }

  request(permit: Permit): boolean {
    const nowMs = this.#clock.monotonicMs();
    this.#tokens = Math.min(this.#limit, this.#tokens + (nowMs - this.#atMs) / 1_000);
    this.#atMs = nowMs;
    const isOver = this.#tokens < 1;
    if (isOver) this.refusals += 1;
    else this.#tokens -= 1;
    const remaining = Math.floor(this.#tokens);
    const reading = {
      limit: this.#limit,
      remaining,
      fullInSeconds: Math.ceil(this.#limit - this.#tokens),
    };
    if (isOver) permit.refused(reading);
    else permit.answered(reading);
    return !isOver;
  }
}

function limiterWith(clock: FakeClock, limit = 3_600): RateLimiter {
  return new RateLimiter({ clock, random: () => 0.5, limit });
}

function open(untilMs = LATE_MS) {
  return { untilMs, signal: new AbortController().signal };
}

describe('RateLimiter', () => {
  it('sends three times the limit without a single refusal', async () => {
    const clock = new FakeClock();
    const cloud = new CloudBucket(clock, 60);
    const limiter = limiterWith(clock, 60);
    const all = Array.from({ length: 180 }, async () => {
      const permit = await limiter.acquire('act', open());
      await clock.sleep(200);
      return cloud.request(permit);
    });
    expect(await clock.give(Promise.all(all))).not.toContain(false);
    expect(cloud.refusals).toBe(0);
    expect(limiter.sent).toBe(180);
    expect(clock.monotonicMs()).toBeLessThan(130_000);
  });

  it('comes through when others use up the same account', async () => {
    const clock = new FakeClock();
    const cloud = new CloudBucket(clock, 20);
    const limiters = [1, 2, 3].map(() => limiterWith(clock, 20));
    const all = Array.from({ length: 90 }, async (_, index) => {
      const limiter = limiters[index % 3] ?? limiterWith(clock);
      for (;;) {
        const permit = await limiter.acquire('act', open());
        await clock.sleep(50);
        if (cloud.request(permit)) return;
      }
    });
    await clock.give(Promise.all(all));
    // 70 of them have to wait for a second each.
    expect(clock.monotonicMs()).toBeLessThan(140_000);
    expect(cloud.refusals).toBeLessThan(90);
  });

  it('lets deletes go first, then creates, then orders, then looks', async () => {
    const clock = new FakeClock();
    const limiter = limiterWith(clock, 1);
    const first = await limiter.acquire('poll', open());
    first.answered({ limit: 1, remaining: 0, fullInSeconds: 1 });
    const order: string[] = [];
    const wait = async (priority: Priority, name: string): Promise<void> => {
      const permit = await limiter.acquire(priority, open());
      order.push(name);
      permit.answered(undefined);
    };
    const all = Promise.all([
      wait('poll', 'poll 1'),
      wait('act', 'act'),
      wait('create', 'create'),
      wait('poll', 'poll 2'),
      wait('delete', 'delete'),
    ]);
    expect(limiter.waiting).toBe(5);
    await clock.give(all);
    expect(order).toEqual(['delete', 'create', 'act', 'poll 1', 'poll 2']);
    expect(limiter.waiting).toBe(0);
  });

  it('refuses at once what cannot have its turn in time, and says when it could', async () => {
    const clock = new FakeClock();
    const limiter = limiterWith(clock);
    const permit = await limiter.acquire('act', open());
    permit.answered({ limit: 3_600, remaining: 0, fullInSeconds: 3_600 });
    await expect(limiter.acquire('act', open(500))).rejects.toMatchObject({
      class: 'transient',
      retryAfterMs: 1_000,
    });
    expect(limiter.waiting).toBe(0);
  });

  it('refuses those who have waited too long', async () => {
    const clock = new FakeClock();
    const limiter = limiterWith(clock);
    const permit = await limiter.acquire('act', open());
    permit.answered({ limit: 3_600, remaining: 0, fullInSeconds: 3_600 });
    const polls = [1, 2, 3].map(() => limiter.acquire('poll', open(2_500)));
    const settled = await clock.give(Promise.allSettled(polls));
    expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected']);
  });

  it('forgets a waiter that is given up, whose turn goes to the next', async () => {
    const clock = new FakeClock();
    const limiter = limiterWith(clock);
    const permit = await limiter.acquire('act', open());
    permit.answered({ limit: 3_600, remaining: 0, fullInSeconds: 3_600 });
    const controller = new AbortController();
    const gone = limiter.acquire('delete', { untilMs: LATE_MS, signal: controller.signal });
    const next = limiter.acquire('poll', open());
    controller.abort(new Error('lease lost'));
    await expect(gone).rejects.toMatchObject({ class: 'transient' });
    await clock.give(next);
    expect(clock.monotonicMs()).toBe(1_000);
    await expect(
      limiter.acquire('delete', { untilMs: LATE_MS, signal: controller.signal }),
    ).rejects.toThrow('given up');
  });

  it('does not count a request twice that the cloud had not counted when it answered another', async () => {
    const clock = new FakeClock();
    const limiter = limiterWith(clock);
    const first = await limiter.acquire('act', open());
    const second = await limiter.acquire('act', open());
    // The first answer knows of one request, the second of both.
    first.answered({ limit: 3_600, remaining: 2, fullInSeconds: 3_598 });
    second.answered({ limit: 3_600, remaining: 1, fullInSeconds: 3_599 });
    await limiter.acquire('act', open());
    expect(limiter.remaining).toBe(1);
    await expect(limiter.acquire('act', open(10))).rejects.toMatchObject({ class: 'transient' });
  });
});
