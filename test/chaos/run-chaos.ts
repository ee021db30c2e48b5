import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CKUSDC_LEDGER_ID } from '@decent-cloud/localnet/system/system-ids.ts';
import { sshKeyPair } from '@decent-cloud/offchain-bridge/secrets/openssh-key.ts';
import { rentOnce } from './actors/renter.ts';
import { planFor } from './actors/renter-plan.ts';
import { STORM } from './fates.ts';
import type { Evidence } from './judge/evidence.ts';
import { judge, type Verdict } from './judge/judge.ts';
import { settle } from './settle.ts';
import { randomFor } from './sub-seed.ts';
import { startChaosWorld, type ChaosWorld, type KillPlan } from './world/chaos-world.ts';
import { gatherFromCanisters } from './world/gather-evidence.ts';

export interface ChaosOptions {
  readonly seed: number;
  readonly bridges: number;
  readonly jobs: number;
  /** Without it nothing goes wrong. */
  readonly isStormy: boolean;
  /** At every kind of request and without limit, unless told otherwise. */
  readonly kills?: KillPlan;
  /** Of a handover; 30 s unless told otherwise. */
  readonly handoverLimitMs?: number;
  /** Empty; is removed, unless something was found: then the logs of the bridges are left there. */
  readonly folder: string;
  /** Rentals that are made at the same time. */
  readonly atOnce: number;
  /** Ends it before its time; everything that it started ends, too. */
  readonly signal: AbortSignal;
  /** Takes lines about how it goes. */
  readonly tell: (line: string) => void;
}

export interface ChaosOutcome {
  readonly verdict: Verdict;
  readonly kills: number;
  /** Requests of bridges to which something was done, kills among them. */
  readonly mishaps: number;
  /** Servers that came too late for their rental and were deleted by the sweep. */
  readonly strays: number;
  readonly cloudRequests: number;
  /** Time for which the network got no processor; on its clock it did not pass. */
  readonly stoodStillMs: number;
  readonly seconds: number;
  /** Kinds of requests that were seen, and those at which a bridge was killed before and after. */
  readonly coverage: ReadonlyMap<string, readonly string[]>;
}

const PATIENCE_MS = 240_000;
const MS_PER_SECOND = 1_000;
const TOLD_EVERY = 10;
const KEY_BYTES = 32;
/** On average somebody dies every six seconds at most: work gets done between deaths, too. */
const ANY: KillPlan = { most: Number.POSITIVE_INFINITY, at: () => true, restMaxMs: 18_000 };
/**
 * Lives a market through a storm, lets it settle and judges what is left. Errors: rejects with the signal's
 * reason.
 */
export async function runChaos(options: ChaosOptions): Promise<ChaosOutcome> {
  const { signal } = options;
  const startedAtMs = Date.now();
  const tell = (line: string): void => {
    options.tell(`${secondsSince(startedAtMs).toString().padStart(4)} s: ${line}`);
  };
  const world = await startChaosWorld({ kills: ANY, ...options, shares: STORM });
  let isToBeSeen = false;
  try {
    signal.throwIfAborted();
    const aborted = once(signal, 'abort').then(() => {
      signal.throwIfAborted();
      throw new Error('BUG: the signal is not aborted');
    });
    tell('the market is open');
    const outcome = await Promise.race([live(world, { ...options, tell }), aborted]);
    isToBeSeen = !outcome.verdict.isSound;
    return { ...outcome, seconds: secondsSince(startedAtMs) };
  } catch (error) {
    isToBeSeen = !signal.aborted;
    throw error;
  } finally {
    await world.close();
    if (isToBeSeen) tell(`the bridges' logs are in ${world.logDir}`);
    else rmSync(options.folder, { recursive: true, force: true });
  }
}

async function live(
  world: ChaosWorld,
  options: ChaosOptions,
): Promise<Omit<ChaosOutcome, 'seconds'>> {
  if (options.isStormy) {
    world.clouds.storm();
    for (const keeper of world.keepers) keeper.setCalm(false);
  }
  const paid: number[] = [];
  const problems = await rentAll(world, options, paid);
  options.tell('all have rented');
  const settled = await settle(world, options.tell);
  const evidence = { ...(await evidenceOf(world, settled.rentalIds)), paid };
  keep(evidence, world.logDir);
  const verdict = withProblems(judge(evidence, options), [
    ...problems,
    ...settled.troubles,
    ...world.keepers.flatMap(({ crashes }) => crashes.map((who) => `${who} ended by itself`)),
  ]);
  return {
    verdict,
    kills: world.keepers.reduce((sum, { deaths }) => sum + deaths.length, 0),
    strays: settled.strays,
    mishaps: world.keepers.reduce((sum, { mishaps }) => sum + mishaps, 0),
    stoodStillMs: world.network.stoodStillMs(),
    cloudRequests: world.clouds.requestCount(),
    coverage: world.coverage.all(),
  };
}

function secondsSince(startedAtMs: number): number {
  return Math.round((Date.now() - startedAtMs) / MS_PER_SECOND);
}

/** Several at once; gives what went wrong for renters. */
async function rentAll(
  world: ChaosWorld,
  options: ChaosOptions,
  paid: number[],
): Promise<readonly string[]> {
  const problems: string[] = [];
  let next = 0;
  let ended = 0;
  const isAborted = (): boolean => options.signal.aborted;
  const work = async (): Promise<void> => {
    while (next < options.jobs && !isAborted()) {
      const index = next;
      next += 1;
      try {
        await rentNumber(world, { seed: options.seed, index, paid });
      } catch (error) {
        if (isAborted()) return;
        const problem = `renter ${index.toString()}: ${String(error)}`;
        options.tell(problem);
        problems.push(problem);
      }
      ended += 1;
      if (ended % TOLD_EVERY === 0) options.tell(`${ended} of ${options.jobs} rentals are over`);
    }
  };
  await Promise.all(Array.from({ length: options.atOnce }, work));
  return problems;
}

async function rentNumber(
  world: ChaosWorld,
  { seed, index, paid }: { readonly seed: number; readonly index: number; readonly paid: number[] },
): Promise<void> {
  const random = randomFor(seed, `renter ${index.toString()}`);
  const { renters, offers } = world.market;
  const plan = planFor(random);
  const calls = renters[index % renters.length];
  const ofRecipe = offers.get(plan.recipe) ?? [];
  const offeringId = ofRecipe[Math.floor(random.next() * ofRecipe.length)];
  if (calls === undefined || offeringId === undefined) throw new Error('nobody rents, or nothing');
  await rentOnce({
    calls,
    ledger: CKUSDC_LEDGER_ID,
    offeringId,
    plan,
    sshKeys: { first: newSshKey(), next: newSshKey() },
    onPaid: (rentalId) => paid.push(rentalId),
    patienceMs: PATIENCE_MS,
  });
}

function newSshKey(): string {
  return sshKeyPair(new Uint8Array(randomBytes(KEY_BYTES))).publicLine;
}

async function evidenceOf(
  world: ChaosWorld,
  rentalIds: readonly bigint[],
): Promise<Omit<Evidence, 'paid'>> {
  const { network, market, clouds, leases, keepers } = world;
  return {
    ...(await gatherFromCanisters(network, { market, rentalIds })),
    servers: clouds.history(),
    claims: leases.claims,
    questions: leases.questions,
    signs: leases.signs,
    leaseEnds: leases.ends,
    deaths: keepers.flatMap(({ deaths }) => deaths),
  };
}

/** Beside the logs, for whoever looks into what was found. */
function keep(evidence: Evidence, folder: string): void {
  const text = JSON.stringify(
    evidence,
    (_, value: unknown) => (typeof value === 'bigint' ? value.toString() : value),
    1,
  );
  writeFileSync(join(folder, 'evidence.json'), text);
}

function withProblems(verdict: Verdict, problems: readonly string[]): Verdict {
  const troubles = [...verdict.troubles, ...problems];
  return { ...verdict, troubles, isSound: troubles.length === 0 };
}
