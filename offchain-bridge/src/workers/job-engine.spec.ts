import { describe, expect, it } from 'vitest';
import { WorkError } from '../core/work-error.ts';
import { CanisterRefusal, CanisterUnavailable } from '../ports/canister-errors.ts';
import { BridgeWorld, recipeOf } from '../testing/bridge-world.fake.ts';
import { portOf, type EnginePort } from '../testing/rental-port.fake.ts';

/** The canister's port, which may be away. */
function awayable(world: BridgeWorld) {
  const port = portOf(world.market);
  const state = { isAway: false, error: new CanisterUnavailable('stopped') as Error };
  const call = async <T>(act: () => Promise<T>): Promise<T> => {
    await world.clock.sleep(100);
    if (state.isAway) throw state.error;
    return act();
  };
  const rental: EnginePort = {
    ...port,
    claimJobs: (request) => call(() => port.claimJobs(request)),
    getJob: (lease) => call(() => port.getJob(lease)),
    renewLeases: (leases) => call(() => port.renewLeases(leases)),
    reportStep: (report) => call(() => port.reportStep(report)),
    releaseJob: (lease) => call(() => port.releaseJob(lease)),
  };
  return { rental, state };
}

describe('createJobEngine', () => {
  it('takes no more jobs than it has room for, and the next as soon as one has ended', async () => {
    const world = new BridgeWorld();
    const rows = Array.from({ length: 7 }, () => world.rent());
    const bridge = world.bridge({ capacity: 3 });
    let most = 0;
    await world.clock.until(() => {
      most = Math.max(most, bridge.engine.inHand().length);
      return rows.every(({ state }) => state === 'active');
    });
    expect(most).toBe(3);
    await bridge.stop();
  });

  it('shows what is in hand', async () => {
    const world = new BridgeWorld();
    const row = world.rent();
    const bridge = world.bridge();
    await world.clock.advance(5_000);
    expect(bridge.engine.inHand()).toMatchObject([
      { jobId: 1, kind: 'provision', rentalId: row.id, epoch: 1 },
    ]);
    expect(bridge.engine.inHand()[0]?.leaseMs).toBeGreaterThan(10_000);
    await bridge.stop();
    expect(bridge.engine.inHand()).toEqual([]);
  });

  it('claims fifty at once, twenty by a call', async () => {
    const world = new BridgeWorld();
    const rows = Array.from({ length: 50 }, () => world.rent());
    const bridge = world.bridge({ capacity: 50 });
    await world.clock.advance(1_000);
    expect(bridge.engine.inHand()).toHaveLength(50);
    await world.clock.until(() => rows.every(({ state }) => state === 'active'));
    await bridge.stop();
  });

  it('asks again soon after it got some, and seldom while there are none', async () => {
    const world = new BridgeWorld();
    world.rent();
    const port = portOf(world.market);
    const askedAtMs: number[] = [];
    const claimJobs: EnginePort['claimJobs'] = (request) => {
      askedAtMs.push(world.clock.monotonicMs());
      return port.claimJobs(request);
    };
    const startedAtMs = world.clock.monotonicMs();
    const bridge = world.bridge({ rental: { ...port, claimJobs } });
    await world.clock.advance(6_000);
    expect(askedAtMs.map((atMs) => atMs - startedAtMs)).toEqual([0, 500, 2_500, 4_500]);
    await bridge.stop();
  });

  it('gives back what is in hand when it is stopped, and another goes on at once', async () => {
    const world = new BridgeWorld();
    const row = world.rent({ recipe: recipeOf('install') });
    world.machines.plot = () => ({ lines: ['works'], exitCode: 0, takesMs: 60_000 });
    const first = world.bridge();
    await world.clock.until(() => world.machines.started.length === 1);
    const before = world.clock.monotonicMs();
    await first.stop();
    expect(world.clock.monotonicMs() - before).toBeLessThan(2_000);
    expect(world.market.jobOf(row.id, 'provision').state.kind).toBe('ready');
    const second = world.bridge();
    await world.untilState(row, 'active');
    expect(world.machines.started).toHaveLength(1);
    await second.stop();
  });

  it('finishes the order that is under way before it gives the job back', async () => {
    const world = new BridgeWorld();
    const row = world.rent();
    const first = world.bridge();
    await world.clock.until(() => world.cloud.requests.some((one) => one.startsWith('create')));
    await first.stop();
    expect(world.cloud.servers()).toHaveLength(1);
    expect(row.server?.externalId).toBe('srv-1');
  });

  it('waits while the canister is away, and goes on when it is back', async () => {
    const world = new BridgeWorld();
    const row = world.rent();
    const { rental, state } = awayable(world);
    state.isAway = true;
    const bridge = world.bridge({ rental });
    await world.clock.advance(120_000);
    const failures = world.metrics.counts.get('worker_failures{worker=jobs}') ?? 0;
    expect(failures).toBeGreaterThan(5);
    expect(failures).toBeLessThan(30);
    state.isAway = false;
    await world.untilState(row, 'active');
    await bridge.stop();
  });

  it('stops all work when the canister goes away in the middle, and adopts it later', async () => {
    const world = new BridgeWorld();
    const row = world.rent({ recipe: recipeOf('install') });
    const { rental, state } = awayable(world);
    const bridge = world.bridge({ rental });
    await world.clock.until(() => row.server?.externalId === 'srv-1');
    state.isAway = true;
    await world.clock.advance(40_000);
    expect(bridge.engine.inHand()).toEqual([]);
    const requests = world.cloud.requests.length;
    await world.clock.advance(120_000);
    expect(world.cloud.requests).toHaveLength(requests);
    state.isAway = false;
    await world.untilState(row, 'active');
    expect(row.server?.externalId).toBe('srv-1');
    await bridge.stop();
  });

  it('goes on claiming after the canister refused, as it does while an agent is revoked', async () => {
    const world = new BridgeWorld();
    const row = world.rent();
    const { rental, state } = awayable(world);
    state.isAway = true;
    state.error = new CanisterRefusal('NotAllowed', 'was revoked', false);
    const bridge = world.bridge({ rental });
    await world.clock.advance(60_000);
    state.isAway = false;
    await world.untilState(row, 'active');
    await bridge.stop();
  });

  it('makes a problem of whatever a cloud throws, and lives on', async () => {
    const world = new BridgeWorld();
    const row = world.rent();
    const cloud = world.cloud.provider();
    let calls = 0;
    const odd = {
      ...cloud,
      findByName: (name: string, signal: AbortSignal) => {
        calls += 1;
        if (calls === 1) throw new TypeError("Cannot read 'id' of undefined");
        return cloud.findByName(name, signal);
      },
    };
    const bridge = world.bridge({ cloud: odd });
    await world.untilState(row, 'active');
    const problem = world.market
      .jobOf(row.id, 'provision')
      .events.find((event) => event.kind === 'problem');
    expect(problem).toMatchObject({ class: 'transient' });
    expect(problem?.message).not.toContain('Cannot read');
    await bridge.stop();
  });

  it('passes on how long a cloud asks to wait', async () => {
    const world = new BridgeWorld();
    const row = world.rent();
    const cloud = world.cloud.provider();
    let isFirst = true;
    const busy = {
      ...cloud,
      findByName: (name: string, signal: AbortSignal) => {
        if (!isFirst) return cloud.findByName(name, signal);
        isFirst = false;
        return Promise.reject(
          new WorkError('transient', 'The cloud asks for patience.', { retryAfterMs: 90_000 }),
        );
      },
    };
    const bridge = world.bridge({ cloud: busy });
    await world.untilState(row, 'active');
    expect(world.clock.monotonicMs()).toBeGreaterThan(90_000);
    await bridge.stop();
  });

  it('leaves to the lease what cannot be given back', async () => {
    const world = new BridgeWorld();
    world.rent({ recipe: recipeOf('install') });
    world.machines.plot = () => ({ lines: [], exitCode: 0, takesMs: 600_000 });
    const { rental, state } = awayable(world);
    const bridge = world.bridge({ rental });
    await world.clock.until(() => world.machines.started.length === 1);
    state.isAway = true;
    const before = world.clock.monotonicMs();
    await bridge.stop();
    expect(world.clock.monotonicMs() - before).toBeLessThan(25_000);
    expect(bridge.engine.inHand()).toEqual([]);
  });

  it('does nothing for a rental that was cancelled meanwhile', async () => {
    const world = new BridgeWorld();
    const row = world.rent({ recipe: recipeOf('install') });
    world.machines.plot = () => ({ lines: [], exitCode: 0, takesMs: 600_000 });
    const bridge = world.bridge();
    await world.clock.until(() => world.machines.started.length === 1);
    world.market.cancel(row.id);
    await world.untilState(row, 'closed');
    expect(world.cloud.servers()).toEqual([]);
    expect(world.market.jobOf(row.id, 'provision').state).toEqual({ kind: 'cancelled' });
    await bridge.stop();
  });
});
