import { describe, expect, it } from 'vitest';
import type { JobTask } from '../core/job-work.ts';
import { BridgeWorld, recipeOf } from '../testing/bridge-world.fake.ts';
import { Life } from '../testing/mortal.fake.ts';
import { portOf } from '../testing/rental-port.fake.ts';
import { isOver, type FakeRentalRow } from '../testing/rental-rows.fake.ts';
import { mortalCloud, mortalMachines, roughCanister } from '../testing/rough-world.fake.ts';

const HANDOVER_MS = 30_000;
const TIMING = { gateLimitMs: 5_000 };

/** A world in which the first bridge dies at its n-th thing, and a second one is there from then on. */
class TwoLives {
  readonly world = new BridgeWorld();
  readonly life: Life;
  #left: number;
  diedAtMs: number | undefined;

  constructor(steps: number) {
    this.#left = steps;
    const { clock, market, cloud, machines } = this.world;
    this.life = new Life(clock, () => {
      this.#left -= 1;
      if (this.#left > 0) return 'none';
      this.diedAtMs = clock.monotonicMs();
      return 'death';
    });
    const own = this.life.clock(clock);
    const fate = () => ({ kind: 'fine', afterMs: 100 }) as const;
    this.world.bridge({
      clock: own,
      rental: roughCanister(portOf(market), { clock, life: this.life, fate }),
      cloud: mortalCloud(cloud.provider(), this.life),
      machines: mortalMachines(machines.work(own), this.life),
      timing: TIMING,
    });
    void this.#follow();
  }

  async #follow(): Promise<void> {
    while (!this.life.isDead) await this.world.clock.sleep(100);
    this.world.bridge({ timing: TIMING });
  }

  async order(row: FakeRentalRow, task: JobTask): Promise<string> {
    const job = this.world.market.order(task);
    await this.world.clock.until(() => isOver(job), 1_200_000);
    expect(row.state).toBe('active');
    return job.state.kind === 'done' ? job.state.result : job.state.kind;
  }

  expectClean(): void {
    const { cloud, machines } = this.world;
    expect(cloud.doubles).toEqual([]);
    expect(cloud.servers()).toEqual([]);
    expect(new Set(machines.started).size).toBe(machines.started.length);
  }
}

/** Runs a story for each point at which the first bridge can die; gives how many there are. */
async function atEveryPoint(story: (lives: TwoLives) => Promise<void>): Promise<number> {
  for (let point = 1; ; point += 1) {
    const lives = new TwoLives(point);
    await story(lives);
    lives.expectClean();
    if (!lives.life.isDead) return point - 1;
    // Whatever is left of the dead one does nothing any more.
    expect(point).toBeLessThan(2_000);
  }
}

async function endedBy(lives: TwoLives, row: FakeRentalRow): Promise<void> {
  lives.world.market.cancel(row.id);
  await lives.world.untilState(row, 'closed');
}

describe('a bridge that dies at any point', () => {
  it('leaves a rental that the next one makes and ends', async () => {
    const points = await atEveryPoint(async (lives) => {
      const row = lives.world.rent({ recipe: recipeOf('install') });
      await lives.world.untilState(row, 'active');
      const { log } = lives.world.market.jobOf(row.id, 'provision');
      expect(new TextDecoder().decode(log)).toBe('#dc-step 1/1 Installing\ndone\n');
      await endedBy(lives, row);
    });
    expect(points).toBeGreaterThan(60);
  });

  it('leaves an upgrade that the next one finishes the same way', async () => {
    for (const [script, result] of [
      ['newer', 'upgraded'],
      ['sick', 'rolled-back'],
    ] as const) {
      await atEveryPoint(async (lives) => {
        const { world } = lives;
        const row = world.rent({ recipe: recipeOf('old') });
        await world.untilState(row, 'active');
        row.work = { ...row.work, recipe: recipeOf(script), previous: recipeOf('old') };
        const [from, to] = [recipeOf('old').version, recipeOf(script).version];
        const task: JobTask = { kind: 'upgrade-recipe', rentalId: row.id, from, to };
        expect(await lives.order(row, task)).toBe(result);
        await endedBy(lives, row);
      });
    }
  });

  it('hands jobs over within 30 seconds', async () => {
    let longestMs = 0;
    await atEveryPoint(async (lives) => {
      const { world } = lives;
      const row = world.rent({ recipe: recipeOf('install') });
      await world.clock.until(() => lives.life.isDead || row.state === 'active');
      const diedAtMs = world.clock.monotonicMs();
      const job = world.market.jobOf(row.id, 'provision');
      const { epoch } = job;
      const isIdle = () => job.epoch > epoch || isOver(job);
      if (lives.life.isDead && !isOver(job)) {
        await world.clock.until(isIdle);
        longestMs = Math.max(longestMs, world.clock.monotonicMs() - diedAtMs);
      }
      await world.untilState(row, 'active');
      await endedBy(lives, row);
    });
    expect(longestMs).toBeGreaterThan(0);
    expect(longestMs).toBeLessThan(HANDOVER_MS);
  });
});
