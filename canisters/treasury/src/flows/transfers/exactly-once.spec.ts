import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { blocksOf, judge } from '../../testing/judge-transfers.fake.ts';
import { NaiveWorld, type NaiveDesign } from '../../testing/naive-payers.fake.ts';
import { TransferWorld } from '../../testing/transfer-world.fake.ts';

/** Replays one run: the seed holds all of it. */
const SEED = fc.integer({ min: 0, max: 2 ** 31 - 1 });
/** Steps of calls, answers, ticks, time and trouble before the network becomes reliable. */
const ACTIONS = 150;
const RUNS_WITH_BLOCKS = 1_300;
const RUNS_WITH_BALANCES = 700;
const NAIVE_RUNS = 60;

/** How the ledger confirmed a transfer, counted over all runs. */
type Ways = Record<string, number>;

async function run(options: { seed: number; hasIcrc3Blocks: boolean }): Promise<TransferWorld> {
  const world = new TransferWorld(options);
  await world.storm(ACTIONS);
  await world.calm();
  expect(world.bugs).toEqual([]);
  return world;
}

function countWays(world: TransferWorld, ways: Ways): void {
  const { journal } = world.canister.storage;
  for (let seq = 0; seq < journal.length(); seq += 1) {
    const event = journal.get(seq)?.event;
    if (event?.kind === 'transfer-paid') ways[event.how] = (ways[event.how] ?? 0) + 1;
    if (event?.kind === 'transfer-replanned') ways['again'] = (ways['again'] ?? 0) + 1;
    if (event?.kind === 'transfer-failed') ways['failed'] = (ways['failed'] ?? 0) + 1;
  }
}

describe('the transfer machine', () => {
  it('moves everything exactly once, whatever happens on the way', async () => {
    const ways: Ways = {};
    const property = fc.asyncProperty(SEED, async (seed) => {
      const world = await run({ seed, hasIcrc3Blocks: true });
      expect(judge(world)).toMatchObject({ parked: [], double: 0, lost: 0, troubles: [] });
      countWays(world, ways);
    });
    await fc.assert(property, { numRuns: RUNS_WITH_BLOCKS });
    for (const way of ['reply', 'duplicate', 'found', 'again', 'failed']) {
      expect(ways[way], way).toBeGreaterThan(RUNS_WITH_BLOCKS / 10);
    }
  });

  it('does so on a ledger without blocks to read, or parks what a donation hides', async () => {
    const ways: Ways = {};
    const property = fc.asyncProperty(SEED, async (seed) => {
      const world = await run({ seed, hasIcrc3Blocks: false });
      const { parked, ...judgement } = judge(world);
      expect(judgement).toMatchObject({ double: 0, lost: 0, troubles: [] });
      if (parked.length > 0) expect(world.donations.size).toBeGreaterThan(0);
      countWays(world, ways);
      await resolveAll(world);
      expect(judge(world)).toMatchObject({ parked: [], double: 0, lost: 0, troubles: [] });
      ways['parked'] = (ways['parked'] ?? 0) + parked.length;
    });
    await fc.assert(property, { numRuns: RUNS_WITH_BALANCES });
    for (const way of ['reply', 'duplicate', 'balance', 'again', 'failed', 'parked']) {
      expect(ways[way], way).toBeGreaterThan(RUNS_WITH_BALANCES / 20);
    }
  });
});

/** False claims are refused, true ones are believed, until nothing is parked any more. */
async function resolveAll(world: TransferWorld): Promise<void> {
  for (;;) {
    const [transfer] = judge(world).parked;
    if (transfer === undefined) return;
    const paid = { kind: 'paid', block: undefined } as const;
    const isPaid = blocksOf(world, transfer).length > 0;
    const [truth, lie] = isPaid
      ? ([paid, { kind: 'replan' }] as const)
      : ([{ kind: 'replan' }, paid] as const);
    const refused = await world.resolve(transfer.id, lie);
    expect(refused).toMatchObject({ error: { leaf: { kind: 'proof-refused' } } });
    expect((await world.resolve(transfer.id, truth)).kind).toBe('ok');
    await world.calm();
  }
}

describe('the same network with', () => {
  async function liveAll(design: NaiveDesign) {
    const sums = { double: 0, lost: 0 };
    for (let seed = 0; seed < NAIVE_RUNS; seed += 1) {
      const { double, lost } = await new NaiveWorld({ design, seed }).live(ACTIONS);
      sums.double += double;
      sums.lost += lost;
    }
    return sums;
  }

  it.each(['fresh-time', 'same-time'] as const)('%s pays twice', async (design) => {
    const { double } = await liveAll(design);
    expect(double).toBeGreaterThan(NAIVE_RUNS / 4);
  });

  it('pop-first loses payments', async () => {
    const { lost } = await liveAll('pop-first');
    expect(lost).toBeGreaterThan(NAIVE_RUNS / 4);
  });
});
