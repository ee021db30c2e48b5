import { beforeEach, describe, expect, it } from 'vitest';
import type { CloudAccountId, RentalId } from '../core/ids.ts';
import { WorkError } from '../core/work-error.ts';
import type { CloudProvider, CloudServer } from '../ports/cloud.port.ts';
import type { AgentAccount, BookedServer, RentalPort, Stray } from '../ports/rental.port.ts';
import { CountingMetrics, quietLog } from '../testing/quiet.fake.ts';
import { AccountBoard } from './account-board.ts';
import { straySweep } from './sweep-strays.worker.ts';

const ACCOUNT: AgentAccount = {
  id: 1 as CloudAccountId,
  provider: 1,
  backend: 'hetzner',
  label: 'main',
};

function server(externalId: string, rental: string): CloudServer {
  return {
    externalId,
    name: `dc-test-${rental}`,
    status: 'running',
    labels: { 'dc-rental': rental },
    ipv4: '127.0.0.2',
    ipv6: undefined,
    createdAtMs: 0,
  };
}

function booked(rentalId: number, externalId: string): BookedServer {
  return {
    rentalId: rentalId as RentalId,
    state: 'active',
    serverName: `dc-test-${rentalId.toString()}`,
    externalId,
  };
}

/** A cloud and a canister of which only what a sweep asks is there. */
class World {
  servers: CloudServer[] = [];
  books: BookedServer[] = [];
  verdict: 'wait' | 'delete' | 'keep' = 'wait';
  readonly told: string[] = [];
  readonly metrics = new CountingMetrics();
  deleteError: Error | undefined;

  sweep() {
    const rental: Pick<
      RentalPort,
      | 'listAgentAccounts'
      | 'installation'
      | 'bookedServers'
      | 'reportStrays'
      | 'reportStrayDeleted'
      | 'reportMachineLost'
    > = {
      listAgentAccounts: () => Promise.resolve([ACCOUNT]),
      installation: () => Promise.resolve('test'),
      bookedServers: () => Promise.resolve(this.books),
      reportStrays: (_id, strays: readonly Stray[]) => {
        this.told.push(...strays.map(({ externalId }) => `stray ${externalId}`));
        return Promise.resolve(
          strays.map(({ externalId }) => ({ externalId, verdict: this.verdict })),
        );
      },
      reportStrayDeleted: (_id, externalId) => {
        this.told.push(`deleted ${externalId}`);
        return Promise.resolve();
      },
      reportMachineLost: (rentalId) => {
        this.told.push(`lost ${rentalId.toString()}`);
        return Promise.resolve(false);
      },
    };
    const cloud: Pick<CloudProvider, 'listManaged' | 'get' | 'delete'> = {
      listManaged: () => Promise.resolve(this.servers),
      get: (externalId) =>
        Promise.resolve(this.servers.find((one) => one.externalId === externalId)),
      delete: (externalId) => {
        if (this.deleteError !== undefined) return Promise.reject(this.deleteError);
        this.servers = this.servers.filter((one) => one.externalId !== externalId);
        return Promise.resolve();
      },
    };
    return straySweep({
      rental,
      board: new AccountBoard(rental),
      provider: () => Promise.resolve(cloud as CloudProvider),
      log: quietLog,
      metrics: this.metrics,
    });
  }
}

let world: World;
const signal = new AbortController().signal;

beforeEach(() => {
  world = new World();
});

describe('straySweep', () => {
  it('tells nothing when every server has its rental', async () => {
    world.servers = [server('a', '1')];
    world.books = [booked(1, 'a')];
    await world.sweep().round(signal);
    expect(world.told).toEqual([]);
  });

  it('leaves a stray alone until the canister says that its grace is over', async () => {
    world.servers = [server('a', '1')];
    const sweep = world.sweep();
    await sweep.round(signal);
    expect(world.told).toEqual(['stray a']);
    expect(sweep.waiting()).toBe(1);
    expect(world.servers).toHaveLength(1);

    world.verdict = 'delete';
    await sweep.round(signal);
    expect(world.told).toEqual(['stray a', 'stray a', 'deleted a']);
    expect(sweep.waiting()).toBe(0);
    expect(world.servers).toEqual([]);
    expect(world.metrics.counts.get('strays_deleted')).toBe(1);
  });

  it('does not say that it deleted what it could not delete', async () => {
    world.servers = [server('a', '1')];
    world.verdict = 'delete';
    world.deleteError = new WorkError('transient', 'The cloud did not answer.');
    await world.sweep().round(signal);
    expect(world.told).toEqual(['stray a']);
    expect(world.metrics.counts.get('worker_failures{worker=sweep}')).toBe(1);
  });

  it('tells that the machine of an active rental is gone', async () => {
    world.books = [booked(1, 'a')];
    await world.sweep().round(signal);
    expect(world.told).toEqual(['lost 1']);
  });
});
