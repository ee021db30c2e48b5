import { setTimeout as sleep } from 'node:timers/promises';
import { CKUSDC_LEDGER_ID } from '@decent-cloud/localnet/system/system-ids.ts';
import type { RunningNetwork } from '../network.ts';
import { StartError } from '../start-error.ts';
import type { Deployment } from '../wire.ts';
import { callsOf, okOf } from './demo-calls.ts';
import { loadPerson, loadRenter } from './demo-keys.ts';
import { DEMO_SELLERS } from './demo-offers.ts';
import { endRental } from './end-rental.ts';
import { followRental } from './follow-rental.ts';
import { proveRental } from './prove-rental.ts';
import { fundRenter, rentGuestBook, setUpRenter, type Renting } from './rent-demo.ts';
import { loadRenterKey } from './renter-key.ts';
import {
  hasFreshCatalogue,
  seedOffers,
  seedRecipes,
  seedSeller,
  type DemoAgent,
  type SeededSeller,
} from './seed-market.ts';
import type { DemoBridges } from './start-bridges.ts';
import type { DemoCloud } from './start-cloud.ts';

const POLL_MS = 250;
const CATALOGUE_MS = 120_000;
const HEARTBEAT_MS = 60_000;

export interface DemoWorld {
  readonly network: RunningNetwork;
  readonly deployment: Deployment;
  readonly stateDir: string;
  readonly cloud: DemoCloud;
  readonly bridges: DemoBridges;
  readonly agent: DemoAgent;
  readonly print: (line: string) => void;
}

/** What a rental of the demo took; the last line of `npm start -- --once`. */
export interface DemoFigures {
  readonly acceptedToActiveMs: number;
  /** From the order of the server until it answered SSH: the cloud's own time. */
  readonly providerMs: number;
  readonly overheadMs: number;
  /** Requests that the cloud got meanwhile, for all of it. */
  readonly apiCalls: number;
  readonly solvencyDiff: number;
}

/** Fills the market with what is not there yet. */
export async function openDemoMarket(world: DemoWorld): Promise<void> {
  const { network, deployment, stateDir, cloud, agent } = world;
  const as = (name: string) => callsOf(network, deployment, loadPerson(stateDir, name));
  const anybody = callsOf(network, deployment);
  await until('the bridges to report', HEARTBEAT_MS, async () => {
    return 'Ok' in (await anybody.rental.get_agent(agent.principal));
  });
  const recipes = await seedRecipes(as('author'));
  const sellers: SeededSeller[] = [];
  for (const seller of DEMO_SELLERS) {
    const cloudToken = cloud.tokens.get(seller.key);
    if (cloudToken === undefined) continue;
    sellers.push(await seedSeller(as(seller.key), seller, { agent, cloudToken }));
  }
  for (const { calls, cloudAccountId } of sellers) {
    okOf('catalogue', await calls.rental.refresh_catalogue(cloudAccountId));
  }
  for (const seller of sellers) {
    const what = `the catalogue of ${seller.seller.name}`;
    await until(what, CATALOGUE_MS, () => hasFreshCatalogue(seller));
    await seedOffers(seller, recipes);
  }
}

/**
 * Rents a guest book as the demo renter, shows how it goes, and proves that it works. `isToEnd` cancels it
 * afterwards and waits until its server is deleted.
 */
export async function rentOnce(
  world: DemoWorld,
  { isToEnd }: { readonly isToEnd: boolean },
): Promise<DemoFigures> {
  const { network, deployment, stateDir, cloud, print } = world;
  const renter = await loadRenter(stateDir);
  const key = loadRenterKey(stateDir);
  const calls = callsOf(network, deployment, renter.identity);
  const renting: Renting = { calls, renter, ledger: CKUSDC_LEDGER_ID };
  await fundRenter(renting, callsOf(network, deployment));
  await setUpRenter(renting);
  print('');
  print(`Renter:     ${calls.principal.toText()}`);
  print(`            seed phrase: ${renter.phrase}`);
  const requestsBefore = await requestsOf(world);
  const paid = await rentGuestBook(renting, key.publicLine);
  print(`Paid:       ${paid.words}`);
  const ready = await followRental(calls, paid, print);
  const apiCalls = (await requestsOf(world)) - requestsBefore;
  const { lines, solvencyDiff } = await proveRental(renting, paid, ready);
  for (const line of lines) print(line);
  const { ipv4, ssh_port: port, ssh_user: user } = ready.card;
  print(`SSH:        ssh -i ${key.file} -p ${port.toString()} ${user}@${ipv4}`);
  const { installation } = okOf('settings', await calls.rental.settings());
  const name = `dc-${installation}-${paid.rentalId.toString()}`;
  const providerMs = cloud.behindTheScenes?.providerMs(name) ?? ready.bootedMs;
  if (isToEnd) print(`Ended:      ${await endRental(calls, paid)}`);
  return {
    acceptedToActiveMs: ready.acceptedToActiveMs,
    providerMs,
    overheadMs: ready.acceptedToActiveMs - providerMs,
    apiCalls,
    solvencyDiff: Number(solvencyDiff),
  };
}

/** Counted where they arrive, if that can be seen. */
async function requestsOf({ cloud, bridges }: DemoWorld): Promise<number> {
  return cloud.behindTheScenes?.requests() ?? (await bridges.requests());
}

async function until(what: string, timeoutMs: number, isSo: () => Promise<boolean>): Promise<void> {
  const untilMs = Date.now() + timeoutMs;
  while (!(await isSo())) {
    if (Date.now() > untilMs) {
      throw new StartError(
        `Waited ${(timeoutMs / 1_000).toString()} s for ${what}. The logs of the bridges are in the ` +
          'state directory.',
      );
    }
    await sleep(POLL_MS);
  }
}
