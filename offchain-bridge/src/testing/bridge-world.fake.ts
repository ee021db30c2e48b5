import type { JobTiming } from '../core/job-timing.ts';
import type { RecipeWork } from '../core/job-work.ts';
import type { Clock } from '../ports/clock.port.ts';
import type { CloudProvider } from '../ports/cloud.port.ts';
import type { MachineWork } from '../ports/machine-work.port.ts';
import { createJobEngine, type JobEngine } from '../workers/job-engine.ts';
import { FakeClock } from './fake-clock.fake.ts';
import { FakeCloud } from './fake-cloud.fake.ts';
import { FakeMachines } from './fake-machine.fake.ts';
import { FakeRental } from './fake-rental.fake.ts';
import { CountingMetrics, quietLog } from './quiet.fake.ts';
import { portOf, type EnginePort } from './rental-port.fake.ts';
import type { FakeRentalRow } from './rental-rows.fake.ts';

/** What a bridge process is given; a test may put something else in its place. */
export interface BridgeParts {
  readonly worker: string;
  readonly rental: EnginePort;
  readonly cloud: CloudProvider;
  readonly machines: MachineWork;
  readonly clock: Clock;
  readonly capacity: number;
  readonly random: () => number;
  readonly timing: Partial<JobTiming>;
}

/** A bridge process of a test. */
export interface FakeBridge {
  readonly engine: JobEngine;
  /** Tells it to stop; resolves when it has. */
  stop(): Promise<void>;
}

/** A market, a cloud and its machines in one time, and bridges that work for them. */
export class BridgeWorld {
  readonly clock = new FakeClock();
  readonly market = new FakeRental(() => this.clock.nowMs());
  readonly cloud = new FakeCloud(this.clock);
  readonly machines = new FakeMachines(this.cloud, this.clock);
  readonly metrics = new CountingMetrics();
  #bridges = 0;

  /** Starts a bridge process. */
  bridge(parts: Partial<BridgeParts> = {}): FakeBridge {
    this.#bridges += 1;
    const { clock = this.clock } = parts;
    const cloud = parts.cloud ?? this.cloud.provider();
    const engine = createJobEngine({
      rental: parts.rental ?? portOf(this.market),
      sessions: { use: () => Promise.resolve(cloud) },
      machineWork: parts.machines ?? this.machines.work(clock),
      clock,
      worker: parts.worker ?? `bridge-${this.#bridges}`,
      log: quietLog,
      metrics: this.metrics,
      capacity: parts.capacity ?? 20,
      random: parts.random ?? (() => 0.5),
      timing: parts.timing ?? {},
    });
    const stop = new AbortController();
    const ended = engine.run(stop.signal);
    return {
      engine,
      stop: async () => {
        stop.abort();
        await this.clock.give(ended);
      },
    };
  }

  /** A paid rental; of a bare machine unless a recipe is given. */
  rent(given: Partial<FakeRentalRow['work']> = {}, forMs?: number): FakeRentalRow {
    return this.market.rent({ ...BARE, ...given }, forMs);
  }

  /** Lets time pass until the rental is so. */
  async untilState(row: FakeRentalRow, state: FakeRentalRow['state'], limitMs?: number) {
    await this.clock.until(() => row.state === state, limitMs);
  }
}

const MACHINE = {
  machineType: 'cx23',
  location: 'fsn1',
  image: 'ubuntu-24.04',
  arch: 'x86',
  cores: 2,
  memoryMb: 4_096,
  diskGb: 40,
  country: 'DE',
} as const;

export const BARE: FakeRentalRow['work'] = {
  choices: [MACHINE, { ...MACHINE, location: 'nbg1' }, { ...MACHINE, location: 'hel1' }],
  sshKeys: ['ssh-ed25519 AAAA renter'],
  renterRecipient: 'age1renter',
  recipe: undefined,
  previous: undefined,
  inputs: { values: [], secretNames: [] },
};

/** A version of a recipe; what its script is called decides how it goes. */
export function recipeOf(script: string, change: Partial<RecipeWork> = {}): RecipeWork {
  return {
    version: {
      recipeId: 1,
      number: 1,
      name: 'web',
      semver: '1.0.0',
      scriptSha256: 'a'.repeat(64),
    },
    script,
    rollbackScript: undefined,
    generatedSecrets: [],
    health: { kind: 'http', port: 80, path: '/', status: 200, contains: '' },
    serviceUrl: 'http://{ip}:{PORT}/',
    expectedDowntimeMs: 0,
    ...change,
  };
}
