import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Job } from '../../dist/canisters/rental/declarations/rental.did.ts';
import { RENTER, catalogueOf } from '../../canisters/rental/test/support/market.ts';
import { okOf } from '../../canisters/rental/test/support/ok-of.ts';
import { paid, rentalOf, stateOf } from '../../canisters/rental/test/support/rent.ts';
import { systemClock } from '../src/observe/system-clock.ts';
import { FakeCloud } from '../src/testing/fake-cloud.fake.ts';
import { FakeMachines } from '../src/testing/fake-machine.fake.ts';
import { CountingMetrics, quietLog } from '../src/testing/quiet.fake.ts';
import { createJobEngine, type JobEngine } from '../src/workers/job-engine.ts';
import { AGENT, bridgeNetwork, type BridgeNetwork } from './support/bridge-network.ts';

/** Clouds and machines here are so much faster than real ones. */
const PACE = 0.02;
const TIMING = { sshTryMs: 20, gateTryMs: 20, bootPeekMs: 200, goneLooksMs: [50] };
const LONGEST_MS = 60_000;
const LOOK_MS = 50;

let network: BridgeNetwork;
let metrics: CountingMetrics;
let cloud: FakeCloud;
let machines: FakeMachines;
let stop: AbortController;
let ends: Promise<void>[];

beforeAll(async () => {
  network = await bridgeNetwork();
});
afterAll(() => network.close());

beforeEach(() => {
  metrics = new CountingMetrics();
  cloud = new FakeCloud(systemClock, PACE);
  machines = new FakeMachines(cloud, systemClock, PACE);
  machines.plot = (script) => ({
    lines: ['#dc-step 1/1 Installing', `ran ${script.length} characters`],
    exitCode: 0,
    takesMs: 100,
  });
  stop = new AbortController();
  ends = [];
});

afterEach(async () => {
  stop.abort();
  await Promise.all(ends);
});

function startBridge(worker: string): JobEngine {
  const provider = cloud.provider();
  const engine = createJobEngine({
    rental: network.client(),
    sessions: { use: () => Promise.resolve(provider) },
    machineWork: machines.work(systemClock),
    clock: systemClock,
    worker,
    log: quietLog,
    metrics,
    pollMs: 100,
    timing: TIMING,
    random: Math.random,
  });
  ends.push(engine.run(stop.signal));
  return engine;
}

function rent(): bigint {
  return network.act((r) => {
    const id = r.market.cloudAccountId;
    okOf(r.as(AGENT.getPrincipal()).publish_catalogue(catalogueOf(id, r.world.timeNs)));
    return paid(r).rentalId;
  });
}

async function until(isSo: () => boolean): Promise<void> {
  const startedAtMs = systemClock.monotonicMs();
  while (!isSo()) {
    if (systemClock.monotonicMs() - startedAtMs > LONGEST_MS) throw new Error('it never came');
    await systemClock.sleep(LOOK_MS);
  }
}

function lastJobOf(rentalId: bigint): Job | undefined {
  const asked = { rental_id: rentalId, page: { from: [] as [], limit: 5 } };
  return okOf(network.r.as(RENTER).list_rental_jobs(asked)).rows[0];
}

function isMachineGone(rentalId: bigint): boolean {
  const { state } = rentalOf(network.r, rentalId);
  return 'Ending' in state && state.Ending.machine_gone_at_ns.length === 1;
}

describe('a bridge over the real canister', () => {
  it('makes what was paid, tells the renter, and ends it', async () => {
    const rentalId = rent();
    startBridge('one');
    await until(() => stateOf(network.r, rentalId) === 'Active');
    const renter = network.r.as(RENTER);
    const connection = okOf(renter.get_connection(rentalId));
    expect(connection.card[0]).toMatchObject({
      ipv4: '127.20.0.1',
      service_url: 'http://127.20.0.1/',
      host_key: `ssh-ed25519 key-${rentalId.toString()}`,
    });
    const { page } = okOf(
      renter.get_timeline(rentalId, { from: [], limit: 50, newest_first: false }),
    );
    const steps = page.rows.map(({ value }) => Object.keys(value.step)[0]);
    expect(steps).toEqual(
      expect.arrayContaining(['ServerCreated', 'Booting', 'SshReachable', 'RecipeStep', 'Ready']),
    );
    const { server, deployment } = rentalOf(network.r, rentalId);
    expect(server[0]).toMatchObject({
      name: `dc-test-${rentalId.toString()}`,
      external_id: ['srv-1'],
    });
    expect(deployment).toHaveLength(1);
    network.act((r) => okOf(r.as(RENTER).cancel_rental(rentalId)));
    await until(() => isMachineGone(rentalId));
    expect(cloud.servers()).toEqual([]);
    expect(cloud.requests.filter((request) => request.startsWith('create'))).toHaveLength(1);
  });

  it('lets another bridge go on where the first was stopped', async () => {
    machines.plot = () => ({ lines: ['works'], exitCode: 0, takesMs: 3_000 });
    const rentalId = rent();
    const first = startBridge('one');
    await until(() => machines.started.length === 1);
    await first.drain();
    expect(stateOf(network.r, rentalId)).toBe('Provisioning');
    startBridge('two');
    await until(() => stateOf(network.r, rentalId) === 'Active');
    expect(machines.started).toHaveLength(1);
    expect(cloud.servers()).toHaveLength(1);
  });

  it('keeps its lease through a script that takes longer', async () => {
    machines.plot = () => ({ lines: ['slow'], exitCode: 0, takesMs: 27_000 });
    const rentalId = rent();
    startBridge('one');
    await until(() => stateOf(network.r, rentalId) === 'Active');
    expect(lastJobOf(rentalId)).toMatchObject({ epoch: 1, attempts: 1 });
    expect(metrics.counts.get('leases_lost')).toBeUndefined();
  });

  it('tells that the account is full, and leaves nothing when the renter gives up', async () => {
    cloud.fault = (method) => (method === 'create' ? 'quota' : undefined);
    const rentalId = rent();
    startBridge('one');
    await until(() => 'Delayed' in (lastJobOf(rentalId)?.state ?? {}));
    expect(lastJobOf(rentalId)?.last_problem[0]?.class).toEqual({ Quota: null });
    network.act((r) => okOf(r.as(RENTER).cancel_rental(rentalId)));
    await until(() => isMachineGone(rentalId));
    expect(cloud.servers()).toEqual([]);
  });

  it('waits while the canister is upgraded, and goes on', async () => {
    const rentalId = rent();
    network.act((r) => r.world.complete(r.world.stop(r.rentalId)));
    startBridge('one');
    await until(() => (metrics.counts.get('worker_failures{worker=jobs}') ?? 0) >= 2);
    network.act((r) => r.world.start(r.rentalId));
    await until(() => stateOf(network.r, rentalId) === 'Active');
  });
});
