import { cancel } from './actors/renter.ts';
import { okOf } from '../../scripts/start/demo/demo-calls.ts';
import { comesTrue } from './until.ts';
import type { ChaosWorld } from './world/chaos-world.ts';
import { allRows } from './world/all-rows.ts';
import { rentalsOf } from './world/gather-evidence.ts';

export interface Settled {
  /** Of all renters. */
  readonly rentalIds: readonly bigint[];
  /** Servers that the canister was told of as nobody's. */
  readonly strays: number;
  readonly troubles: readonly string[];
}

const MINUTE_NS = 60_000_000_000n;
/** A stray's grace is an hour, and the shortest term, too. */
const GRACE_NS = 61n * MINUTE_NS;
const MONEY_NS = 30n * MINUTE_NS;
const QUIET_MS = 420_000;
const SWEEP_MS = 90_000;

/**
 * Nothing goes wrong any more: whatever is not to stay is cancelled and ends, the strays' grace passes,
 * and one bridge sweeps; then the treasury pays what it owes. Leases run by the network's clock, so that
 * no bridge works while time is let pass.
 */
export async function settle(world: ChaosWorld, tell: (line: string) => void): Promise<Settled> {
  const { clouds, keepers, network } = world;
  const troubles: string[] = [];
  const expect = async (what: string, limitMs: number, isSo: () => Promise<boolean>) => {
    if (!(await comesTrue(limitMs, isSo))) troubles.push(`it never came to be: ${what}`);
  };
  clouds.calm();
  for (const keeper of keepers) keeper.setCalm(true);
  const rentalIds = await cancelUnready(world);
  tell('what was not ready is cancelled');
  await expect('no job is left', QUIET_MS, () => isQuiet(world));
  await expect('strays are known', SWEEP_MS, () => areStraysKnown(world));
  tell('all is quiet; an hour passes');
  await Promise.all(keepers.map((keeper) => keeper.stop()));
  await network.letPass(GRACE_NS);
  await keepers[0]?.start();
  await expect('the clouds are empty', SWEEP_MS, () => isEmpty(world));
  await expect('no job is left at the end', QUIET_MS, () => isQuiet(world));
  const strays = await strayCount(world);
  await keepers[0]?.stop();
  tell('the clouds are swept; the money settles');
  await network.letPass(MONEY_NS);
  return { rentalIds, strays, troubles };
}

/** Those that are active stay until their term ends. Gives all rentals. */
async function cancelUnready({ market }: ChaosWorld): Promise<readonly bigint[]> {
  const lists = await Promise.all(
    market.renters.map(async (renter) => {
      const rentals = await rentalsOf(renter);
      for (const { rentalId, stage } of rentals) {
        const isUnready = stage === 'awaiting-payment' || stage === 'provisioning';
        if (isUnready) await cancel(renter, rentalId);
      }
      return rentals.map(({ rentalId }) => rentalId);
    }),
  );
  return lists.flat();
}

/** No job is in hand, waits or is to be tried again. */
async function isQuiet({ network }: ChaosWorld): Promise<boolean> {
  const backlog = okOf('backlog', await network.operator.rental.job_backlog());
  return backlog.every(
    ({ ready, waiting, leased, delayed }) => ready + waiting + leased + delayed === 0,
  );
}

/** Whatever still stands is a rental's, or the canister was told of it. */
async function areStraysKnown(world: ChaosWorld): Promise<boolean> {
  const known = new Set<string>();
  for (const { cloudAccountId: cloud_account_id, calls } of world.market.sellers) {
    for (const { external_id } of await straysOf(world, cloud_account_id)) known.add(external_id);
    const rows = await allRows((page) =>
      calls.rental.account_rentals({ ...page, cloud_account_id }),
    );
    for (const { external_id } of rows) for (const id of external_id) known.add(id);
  }
  return standing(world).every(({ externalId }) => known.has(externalId));
}

async function strayCount(world: ChaosWorld): Promise<number> {
  let count = 0;
  for (const { cloudAccountId } of world.market.sellers) {
    count += (await straysOf(world, cloudAccountId)).length;
  }
  return count;
}

function straysOf({ network }: ChaosWorld, cloud_account_id: bigint) {
  return allRows((page) => network.operator.rental.list_strays({ cloud_account_id, page }));
}

function standing({ clouds }: ChaosWorld) {
  return clouds
    .history()
    .filter(({ goneAtMs, labels }) => goneAtMs === undefined && 'dc-rental' in labels);
}

function isEmpty(world: ChaosWorld): Promise<boolean> {
  return Promise.resolve(standing(world).length === 0);
}
