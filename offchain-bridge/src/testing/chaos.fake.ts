import type { RentalId } from '../core/ids.ts';
import type { CloudProvider } from '../ports/cloud.port.ts';
import { isOurs } from '../core/server-labels.ts';
import { BridgeWorld, recipeOf } from './bridge-world.fake.ts';
import type { CloudFault } from './fake-cloud.fake.ts';
import { Life, type Stroke } from './mortal.fake.ts';
import { isOver, type FakeRentalRow } from './rental-rows.fake.ts';
import { portOf } from './rental-port.fake.ts';
import {
  mortalCloud,
  mortalMachines,
  roughCanister,
  watchedCloud,
  type CallFate,
} from './rough-world.fake.ts';
import { seededRandom } from './seeded-random.fake.ts';

export interface ChaosOptions {
  readonly seed: number;
  readonly workers: number;
  readonly rentals: number;
  /** At each thing that a process does to the world. */
  readonly deathRate: number;
  /** Of being stopped for up to a minute and a half. */
  readonly stallRate: number;
  /** Of each call to the canister, and of each request to the cloud. */
  readonly faultRate: number;
}

export interface ChaosResult {
  readonly rentals: number;
  readonly everActive: number;
  /** Rentals that had two servers at one time. */
  readonly doubles: number;
  /** Servers of ours that were left when every rental was over; the sweep deleted them. */
  readonly swept: number;
  /** Left after that. */
  readonly orphans: number;
  /** Jobs that did not end. */
  readonly lost: number;
  /** Scripts that were started twice at one machine. */
  readonly repeatedScripts: number;
  /** Changes at the cloud by a process without a lease, or of a server that the canister was not told of. */
  readonly trespasses: number;
  readonly deaths: number;
  readonly elapsedMs: number;
}

const LONGEST_MS = 6 * 3_600_000;
const REBIRTH_MS = 5_000;
const LATEST_MS = 300_000;
const SKEW_MS = 300_000;
const CALM_RATE = 0;

/** A market, a cloud and bridges that die, in one seeded run: the same seed gives the same result. */
export class Chaos {
  readonly world = new BridgeWorld();
  readonly #options: ChaosOptions;
  readonly #random: () => number;
  readonly #lives: Life[] = [];
  readonly #active = new Set<RentalId>();
  #deaths = 0;
  #trespasses = 0;
  #isOver = false;

  constructor(options: ChaosOptions) {
    this.#options = options;
    this.#random = seededRandom(options.seed);
  }

  async run(): Promise<ChaosResult> {
    const { world } = this;
    const { clock, market, cloud, machines } = world;
    cloud.fault = (method) => this.#cloudFault(method === 'create');
    machines.plot = (script) => ({
      lines: ['#dc-step 1/2 One', 'x'.repeat(500), '#dc-step 2/2 Two', 'done'],
      exitCode: script.includes('broken') ? 1 : 0,
      takesMs: this.#between(1_000, 60_000),
    });
    for (let index = 0; index < this.#options.workers; index += 1) this.#bear(index);
    const rows = this.#rentAll();
    await clock.until(() => {
      market.tick();
      this.#noteActive(rows);
      return rows.every(({ state }) => state === 'closed') && this.#lostJobs() === 0;
    }, LONGEST_MS);
    // What was sent before may still happen.
    await clock.advance(LATEST_MS);
    const swept = await this.#sweep();
    this.#isOver = true;
    for (const life of this.#lives) life.kill();
    return {
      rentals: rows.length,
      everActive: this.#active.size,
      doubles: cloud.doubles.length,
      swept,
      orphans: cloud.servers().length,
      lost: this.#lostJobs(),
      repeatedScripts: machines.started.length - new Set(machines.started).size,
      trespasses: this.#trespasses,
      deaths: this.#deaths,
      elapsedMs: clock.monotonicMs(),
    };
  }

  /** A process with its own clock; when it has died another one takes its place. */
  #bear(index: number): void {
    const { world } = this;
    const { clock } = world;
    const life = new Life(clock, () => this.#stroke());
    this.#lives.push(life);
    const own = life.clock(
      clock.skewed({
        wallMs: this.#between(-SKEW_MS, SKEW_MS),
        monotonicMs: this.#between(0, 10 ** 9),
      }),
    );
    const worker = `bridge-${index}-${this.#deaths}`;
    world.bridge({
      clock: own,
      worker,
      rental: roughCanister(portOf(world.market), { clock, life, fate: () => this.#fate() }),
      cloud: this.#watched(mortalCloud(world.cloud.provider(), life), worker),
      machines: mortalMachines(world.machines.work(own), life),
      random: this.#random,
    });
    void this.#watch(index, life);
  }

  #watched(cloud: CloudProvider, worker: string): CloudProvider {
    const { market } = this.world;
    return watchedCloud(cloud, {
      create: (name) => {
        const row = [...market.rentals.values()].find(({ id }) => name === `dc-test-${id}`);
        const isTold = row?.state !== 'provisioning' || row.server?.name === name;
        if (row === undefined || !isTold || !market.mayAct(worker, row.id)) this.#trespasses += 1;
      },
      change: (externalId) => {
        const server = this.world.cloud.servers().find((one) => one.externalId === externalId);
        const rentalId = Number(server?.labels['dc-rental']) as RentalId;
        if (server !== undefined && !market.mayAct(worker, rentalId)) this.#trespasses += 1;
      },
    });
  }

  async #watch(index: number, life: Life): Promise<void> {
    while (!life.isDead) await this.world.clock.sleep(REBIRTH_MS);
    if (this.#isOver) return;
    this.#deaths += 1;
    this.#bear(index);
  }

  #rentAll(): readonly FakeRentalRow[] {
    const scripts = ['install', 'install', 'broken', undefined];
    return Array.from({ length: this.#options.rentals }, (_, index) => {
      const script = scripts[index % scripts.length];
      const row = this.world.rent({
        recipe: script === undefined ? undefined : recipeOf(script),
        previous: recipeOf('before'),
      });
      void this.#use(row);
      return row;
    });
  }

  /** What its renter does: waits for it, works on it, or gives up early; ends it in any case. */
  async #use(row: FakeRentalRow): Promise<void> {
    const { clock, market } = this.world;
    const rentalId = row.id;
    if (this.#chance(0.3)) {
      await clock.sleep(this.#between(0, 90_000));
      market.cancel(rentalId);
      return;
    }
    while (row.state === 'provisioning') await clock.sleep(1_000);
    if (row.state === 'active' && this.#chance(0.5)) {
      const job = market.order(
        this.#chance(0.5)
          ? { kind: 'rotate-ssh-keys', rentalId }
          : { kind: 'power', rentalId, action: 'reboot' },
      );
      while (!isOver(job)) await clock.sleep(1_000);
    }
    await clock.sleep(this.#between(0, 120_000));
    market.cancel(rentalId);
  }

  /** Deletes what has our labels and no live rental, as the sweep does after its grace. */
  async #sweep(): Promise<number> {
    const { cloud, market, clock } = this.world;
    cloud.fault = () => undefined;
    const provider = cloud.provider();
    const { signal } = new AbortController();
    const strays = cloud.servers().filter(({ labels }) => isOurs(labels, market.installation));
    for (const { externalId } of strays) await clock.give(provider.delete(externalId, signal));
    await clock.advance(60_000);
    return strays.length;
  }

  #noteActive(rows: readonly FakeRentalRow[]): void {
    for (const { id, state } of rows) if (state === 'active') this.#active.add(id);
  }

  #lostJobs(): number {
    return [...this.world.market.jobs.values()].filter((job) => !isOver(job)).length;
  }

  #stroke(): Stroke {
    if (this.#chance(this.#options.deathRate)) return 'death';
    return this.#chance(this.#options.stallRate) ? this.#between(1_000, 90_000) : 'none';
  }

  #fate(): CallFate {
    if (!this.#chance(this.#options.faultRate)) {
      return { kind: 'fine', afterMs: this.#between(20, 3_000) };
    }
    const fates: readonly CallFate[] = [
      { kind: 'lost-request' },
      { kind: 'lost-answer' },
      { kind: 'twice' },
      { kind: 'late', byMs: this.#between(1_000, 60_000) },
    ];
    return fates[this.#between(0, fates.length - 1)] ?? { kind: 'lost-request' };
  }

  #cloudFault(isCreate: boolean): CloudFault | undefined {
    const { faultRate } = this.#options;
    if (!this.#chance(faultRate)) return undefined;
    const faults: readonly CloudFault[] = isCreate
      ? ['lost-answer', 'lost-request', 'late-request', 'busy', 'capacity', 'no-ipv4']
      : ['lost-answer', 'lost-request', 'busy'];
    return faults[this.#between(0, faults.length - 1)];
  }

  #chance(rate: number): boolean {
    return rate > CALM_RATE && this.#random() < rate;
  }

  #between(low: number, high: number): number {
    return low + Math.floor(this.#random() * (high - low + 1));
  }
}
