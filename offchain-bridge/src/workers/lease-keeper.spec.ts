import { describe, expect, it } from 'vitest';
import type { JobId } from '../core/ids.ts';
import type { Lease } from '../core/job-work.ts';
import { CanisterUnavailable } from '../ports/canister-errors.ts';
import { FakeClock } from '../testing/fake-clock.fake.ts';
import { CountingMetrics, quietLog } from '../testing/quiet.fake.ts';
import { HeldLease, LeaseLost } from './held-lease.ts';
import { LeaseKeeper } from './lease-keeper.ts';

class World {
  readonly clock = new FakeClock();
  readonly metrics = new CountingMetrics();
  readonly calls: { readonly atMs: number; readonly jobs: readonly number[] }[] = [];
  readonly over = new Set<number>();
  isAway = false;
  answerMs = 200;
  readonly keeper = new LeaseKeeper({
    rental: { renewLeases: (leases) => this.#renew(leases) },
    clock: this.clock,
    log: quietLog,
    metrics: this.metrics,
  });
  readonly stop = new AbortController();
  readonly ended = this.keeper.run(this.stop.signal);

  hold(jobId: number) {
    const lease = { jobId: jobId as JobId, epoch: 1 };
    return this.keeper.hold(lease, this.clock.monotonicMs());
  }

  async #renew(leases: readonly Lease[]) {
    this.calls.push({
      atMs: this.clock.monotonicMs(),
      jobs: leases.map(({ jobId }) => jobId),
    });
    await this.clock.sleep(this.answerMs);
    if (this.isAway) throw new CanisterUnavailable('nobody answers');
    return leases.map(({ jobId }) => ({
      jobId,
      leaseUntilMs: this.over.has(jobId) ? undefined : 1,
    }));
  }
}

describe('LeaseKeeper', () => {
  it('renews all leases by one call each 10 seconds', async () => {
    const world = new World();
    const held = [1, 2, 3].map((id) => world.hold(id));
    await world.clock.advance(60_000);
    expect(held.every(({ leftMs }) => leftMs > 8_000)).toBe(true);
    expect(world.calls.length).toBeLessThanOrEqual(6);
    expect(world.calls.every(({ jobs }) => jobs.length === 3)).toBe(true);
  });

  it('asks about fifty at most at once', async () => {
    const world = new World();
    for (let id = 1; id <= 120; id += 1) world.hold(id);
    await world.clock.advance(10_500);
    expect(world.calls.map(({ jobs }) => jobs.length)).toEqual([50, 50, 20]);
  });

  it('lets a job know at once that its lease is over', async () => {
    const world = new World();
    const [first, second] = [world.hold(1), world.hold(2)];
    world.over.add(1);
    await world.clock.advance(11_000);
    expect(first.signal.reason).toBeInstanceOf(LeaseLost);
    expect(second.signal.aborted).toBe(false);
    expect(world.metrics.counts.get('leases_lost')).toBe(1);
    await world.clock.advance(10_000);
    expect(world.calls.at(-1)?.jobs).toEqual([2]);
  });

  it('gives up before the canister does if nobody answers, after several tries', async () => {
    const world = new World();
    const held = world.hold(1);
    world.isAway = true;
    await world.clock.until(() => held.signal.aborted);
    expect(world.clock.monotonicMs()).toBeGreaterThan(18_000);
    expect(world.clock.monotonicMs()).toBeLessThanOrEqual(20_000);
    expect(world.calls.length).toBeGreaterThanOrEqual(2);
  });

  it('survives a gap that is shorter than the lease', async () => {
    const world = new World();
    const held = world.hold(1);
    world.isAway = true;
    await world.clock.advance(13_000);
    world.isAway = false;
    await world.clock.advance(60_000);
    expect(held.signal.aborted).toBe(false);
  });

  it('asks again while an answer is outstanding, and counts from when it asked', async () => {
    const world = new World();
    const held = world.hold(1);
    world.answerMs = 9_000;
    await world.clock.advance(19_500);
    expect(world.calls.length).toBeGreaterThanOrEqual(2);
    expect(held.confirmedAtMs).toBe(10_000);
  });

  it('does not renew what reports have just confirmed, nor what was released', async () => {
    const world = new World();
    const [told, released] = [world.hold(1), world.hold(2)];
    world.keeper.release(released);
    for (let second = 0; second < 30; second += 1) {
      await world.clock.advance(1_000);
      told.confirm(world.clock.monotonicMs());
    }
    expect(world.calls).toEqual([]);
  });

  it('loses what is held when it is stopped', async () => {
    const world = new World();
    const held = world.hold(1);
    world.stop.abort();
    await world.ended;
    expect(held.signal.reason).toBeInstanceOf(LeaseLost);
  });
});

describe('HeldLease', () => {
  it('refuses at the very moment, whatever timers did', async () => {
    const world = new World();
    world.stop.abort();
    await world.ended;
    const held = world.hold(1);
    held.check();
    await world.clock.advance(20_000);
    expect(held.signal.aborted).toBe(false);
    expect(() => held.check()).toThrow(LeaseLost);
    expect(held.signal.aborted).toBe(true);
    held.confirm(world.clock.monotonicMs());
    expect(held.leftMs).toBeLessThanOrEqual(0);
  });

  it('is over when the machine slept, though its monotonic time stood still', () => {
    let wallMs = 1_000_000;
    const clock = { monotonicMs: () => 5_000, nowMs: () => wallMs };
    const held = new HeldLease({ jobId: 1 as JobId, epoch: 1 }, 5_000, clock);
    held.check();
    wallMs -= 600_000;
    held.check();
    wallMs += 600_000 + 20_000;
    expect(() => held.check()).toThrow(LeaseLost);
  });
});
