import { beforeEach, describe, expect, it } from 'vitest';
import type { CloudAccountId, RentalId } from '../core/ids.ts';
import type {
  AgentAccount,
  FlipReport,
  HealthRow,
  HealthRowAnswer,
  HealthTarget,
} from '../ports/rental.port.ts';
import { FakeClock } from '../testing/fake-clock.fake.ts';
import { CountingMetrics, quietLog } from '../testing/quiet.fake.ts';
import { AccountBoard } from './account-board.ts';
import { healthProber } from './probe-health.worker.ts';
import { repeat } from './periodic.ts';

const MINUTE_MS = 60_000;
const ACCOUNT: AgentAccount = {
  id: 1 as CloudAccountId,
  provider: 1,
  backend: 'hetzner',
  label: 'main',
};

function target(rentalId: number, more: Partial<HealthTarget> = {}): HealthTarget {
  return {
    rentalId: rentalId as RentalId,
    externalId: rentalId.toString(),
    card: {
      ipv4: '127.0.0.2',
      ipv6: '',
      sshUser: 'root',
      sshPort: 22,
      hostKeyFingerprint: 'SHA256:x',
      hostKey: 'ssh-ed25519 x',
      serviceUrl: '',
    },
    health: undefined,
    isExcluded: false,
    ...more,
  };
}

/** Machines, a canister that takes what is told, and time. */
class World {
  readonly clock = new FakeClock();
  readonly metrics = new CountingMetrics();
  readonly flips: FlipReport[] = [];
  readonly rows: HealthRow[] = [];
  readonly down = new Set<number>();
  /** Looking at them does not end. */
  readonly stuck = new Set<number>();
  targets: HealthTarget[] = [target(1)];
  answer: HealthRowAnswer = 'accepted';
  isOnline = true;
  probes = 0;
  readonly #stop = new AbortController();

  start(): void {
    const rental = {
      listAgentAccounts: () => Promise.resolve([ACCOUNT]),
      installation: () => Promise.resolve('test'),
      healthTargets: () => Promise.resolve(this.targets),
      reportHealth: (rows: readonly HealthRow[]) => {
        this.rows.push(...rows);
        return Promise.resolve(rows.map(() => this.answer));
      },
      reportFlip: (flip: FlipReport) => {
        this.flips.push(flip);
        return Promise.resolve();
      },
      clockOffsetMs: () => 0,
    };
    const { clock, metrics } = this;
    const deps = { clock, log: quietLog, metrics, random: () => 0.5 };
    const prober = healthProber({
      ...deps,
      rental,
      board: new AccountBoard(rental),
      answeredAgoMs: () => (this.isOnline ? 0 : undefined),
      probe: ({ rentalId }) => {
        this.probes += 1;
        if (this.stuck.has(rentalId)) return new Promise(() => undefined);
        const isUp = !this.down.has(rentalId);
        const result = isUp ? 'answered' : 'no answer';
        const verdict = isUp ? 'up' : 'down';
        return Promise.resolve({ verdict, checks: [{ what: 'SSH', result, latencyMs: 1 }] });
      },
    });
    void repeat(prober, deps, this.#stop.signal);
  }

  stop(): void {
    this.#stop.abort();
  }
}

let world: World;

beforeEach(() => {
  world = new World();
  return () => world.stop();
});

describe('healthProber', () => {
  it('looks at a machine about once a minute', async () => {
    world.start();
    await world.clock.advance(30 * MINUTE_MS);
    expect(world.probes).toBeGreaterThanOrEqual(28);
    expect(world.probes).toBeLessThanOrEqual(31);
    expect(world.flips).toEqual([]);
  });

  it('tells within two minutes that a machine is down, with what it tried, and that it is up', async () => {
    world.start();
    await world.clock.advance(10 * MINUTE_MS);
    world.down.add(1);
    await world.clock.advance(2 * MINUTE_MS);
    expect(world.flips).toMatchObject([
      { rentalId: 1, isUp: false, checks: [{ result: 'no answer' }] },
    ]);
    world.down.clear();
    await world.clock.advance(MINUTE_MS);
    expect(world.flips.map(({ isUp }) => isUp)).toEqual([false, true]);
  });

  it('blames no machine while it is offline itself', async () => {
    world.start();
    await world.clock.advance(10 * MINUTE_MS);
    world.down.add(1);
    world.isOnline = false;
    await world.clock.advance(20 * MINUTE_MS);
    expect(world.flips).toEqual([]);
    expect(world.metrics.counts.get('probes{result=unknown}')).toBeGreaterThan(10);
  });

  it('blames no machine when all are missed at once, though the canister answers', async () => {
    world.targets = Array.from({ length: 5 }, (_, index) => target(index));
    world.start();
    await world.clock.advance(10 * MINUTE_MS);
    for (const { rentalId } of world.targets) world.down.add(rentalId);
    await world.clock.advance(20 * MINUTE_MS);
    expect(world.flips).toEqual([]);
    world.down.delete(0);
    await world.clock.advance(2 * MINUTE_MS);
    expect(world.flips.map(({ rentalId }) => rentalId).sort()).toEqual([1, 2, 3, 4]);
  });

  it('tells within two minutes that two of many are down', async () => {
    world.targets = Array.from({ length: 60 }, (_, index) => target(index));
    world.start();
    await world.clock.advance(10 * MINUTE_MS);
    world.down.add(7).add(33);
    await world.clock.advance(2 * MINUTE_MS);
    expect(world.flips.map(({ rentalId }) => rentalId).sort()).toEqual([33, 7]);
  });

  it('goes on with others while one keeps it waiting', async () => {
    world.targets = [target(1), target(2)];
    world.start();
    await world.clock.advance(2 * MINUTE_MS);
    world.stuck.add(1);
    await world.clock.advance(2 * MINUTE_MS);
    const { probes } = world;
    await world.clock.advance(10 * MINUTE_MS);
    expect(world.probes - probes).toBeGreaterThanOrEqual(9);
  });

  it('leaves machines alone that are off by order, and looks again when they are on', async () => {
    world.targets = [target(1, { isExcluded: true })];
    world.start();
    await world.clock.advance(10 * MINUTE_MS);
    expect(world.probes).toBe(0);
    world.targets = [target(1)];
    await world.clock.advance(3 * MINUTE_MS);
    expect(world.probes).toBeGreaterThan(0);
  });

  it('tells each slot when it is over, once', async () => {
    world.start();
    await world.clock.advance(21 * MINUTE_MS);
    const known = world.rows.map(({ upto }) => upto);
    expect(new Set(known).size).toBe(known.length);
    expect(known.length).toBeGreaterThanOrEqual(3);
  });

  it('tells again what the canister’s clock calls too early', async () => {
    world.answer = 'not-over';
    world.start();
    await world.clock.advance(8 * MINUTE_MS);
    const early = world.rows.length;
    expect(early).toBeGreaterThanOrEqual(2);
    world.answer = 'accepted';
    await world.clock.advance(2 * MINUTE_MS);
    const { length } = world.rows;
    await world.clock.advance(MINUTE_MS);
    expect(world.rows.length - length).toBeLessThanOrEqual(1);
  });

  it('forgets a machine that is over', async () => {
    world.start();
    await world.clock.advance(5 * MINUTE_MS);
    world.targets = [];
    await world.clock.advance(2 * MINUTE_MS);
    const { probes } = world;
    await world.clock.advance(10 * MINUTE_MS);
    expect(world.probes).toBe(probes);
  });
});
