import { expect } from 'vitest';
import { durationNs } from '@decent-cloud/domain/time.ts';
import { valueCodec } from '@decent-cloud/kit/values/value-codec.ts';
import { rentalOf } from '../../../src/core/jobs/job-kinds.ts';
import type { Job } from '../../../src/core/jobs/job.ts';
import { rentalTroubles } from '../../../src/flows/rental-health.ts';
import { listStuckJobs } from '../../../src/flows/jobs/job-views.ts';
import { myNotifications } from '../../../src/flows/notifications/read-notifications.flow.ts';
import { asPerson } from '../../../src/testing/accounts.fake.ts';
import { jobFields } from '../../../src/storage/jobs/job-fields.ts';
import { MEMORY_IDS } from '../../../src/storage/memory-ids.ts';
import { isEscrowSettled, type Story } from './market-rules.ts';
import { OPERATOR, type MarketWorld } from './market-world.ts';

const FIRST_WAIT_MINUTES = 10;
const LONGEST_WAIT_MINUTES = 8 * 60;
const MAX_WAITS = 400;
const RETENTION_DAYS = 31;

/** Rows of rentals: none is left of one that moved to the archive, or was never paid. */
const ROWS_OF_RENTALS = [
  'rentals',
  'terms',
  'rental_configs',
  'rental_secrets',
  'rentals_due',
  'facts',
  'facts_due',
  'jobs_due',
  'timelines',
  'logs',
  'connections',
  'credentials',
  'health',
  'health_days',
  'health_flips',
  'archive_due',
  'archive_problems',
] as const satisfies readonly (keyof typeof MEMORY_IDS)[];

/** People do nothing any more, the bridges do their jobs, the treasury answers. */
export async function endWithWorkers(world: MarketWorld): Promise<void> {
  await everythingWorksAgain(world);
  world.grantAll();
  await waitUntil(world, {
    isDone: () => world.rules.liveStories().length === 0,
    meanwhile: () => {
      world.allWork();
    },
  });
  world.rules.check();
  expect(world.cloud.all()).toEqual([]);
  for (const story of world.rules.stories.values()) checkPaidFor(world, story);
  await moveToArchive(world);
}

/** People do nothing any more, and no worker ever comes back. */
export async function endWithNobody(world: MarketWorld): Promise<void> {
  await everythingWorksAgain(world);
  for (const worker of world.workers) worker.crash();
  await waitUntil(world, {
    isDone: () => world.rules.liveStories().every((story) => isSettled(story)),
    meanwhile: () => undefined,
  });
  await world.pass(durationNs({ hours: 2 }), 4);
  world.rules.check();
  const left = world.rules.liveStories();
  for (const story of left) {
    expect(world.claimed.has(story.id)).toBe(true);
    checkAlarm(world, story);
  }
  const isTold = rentalTroubles(world.c).some((trouble) => trouble.startsWith('jobs need a look'));
  expect(isTold).toBe(left.length > 0);
  for (const story of world.rules.stories.values()) checkPaidFor(world, story);
}

async function everythingWorksAgain(world: MarketWorld): Promise<void> {
  await world.answersArrive();
  world.archive.failing = undefined;
}

async function waitUntil(
  world: MarketWorld,
  wait: { readonly isDone: () => boolean; readonly meanwhile: () => void },
): Promise<void> {
  let minutes = FIRST_WAIT_MINUTES;
  for (let waits = 0; waits < MAX_WAITS && !wait.isDone(); waits += 1) {
    wait.meanwhile();
    await world.pass(durationNs({ minutes }), 1);
    minutes = Math.min(minutes * 2, LONGEST_WAIT_MINUTES);
  }
  expect(wait.isDone()).toBe(true);
}

/** Waits for nothing but the machine. */
function isSettled({ last: { state } }: Story): boolean {
  return state.kind === 'ending' && state.moneySettledAt !== undefined;
}

/** What the seller, the author and the platform got is for time in which the machine was ready. */
function checkPaidFor(world: MarketWorld, story: Story): void {
  if (world.wasStalled) return;
  const { readySince, readyUntil } = story;
  const readyNs = readySince === undefined ? 0n : (readyUntil ?? world.now) - readySince;
  const vestedNs = world
    .escrowsOf(story.id)
    .filter(({ deposited }) => deposited > 0n)
    .reduce((sum, { deposited, refundPaid, terms }) => {
      return sum + ((deposited - refundPaid) * terms.termNs) / deposited;
    }, 0n);
  expect(vestedNs <= readyNs).toBe(true);
}

/** Both parties and the operator are told of a machine that nobody deletes. */
function checkAlarm(world: MarketWorld, { id, last }: Story): void {
  const { c } = world;
  expect(last.state.kind === 'ending' && last.state.machineGoneAt).toBe(undefined);
  for (const account of [last.renter, last.provider]) {
    const name = world.nameOf(account) ?? 'nobody';
    const page = asPerson(c, name, () => myNotifications(c, { from: undefined, limit: 50 }));
    const told = page.kind === 'ok' ? page.value.rows : [];
    const alarms = told.filter(({ kind }) => kind === 'deletion-delayed');
    expect(alarms.map(({ rentalId }) => rentalId)).toContain(id);
  }
  const stuck = asPerson(c, OPERATOR, () => listStuckJobs(c, { from: undefined, limit: 50 }));
  const tasks = stuck.kind === 'ok' ? stuck.value.rows.map(({ task }) => task) : [];
  expect(tasks).toContainEqual({ kind: 'terminate', rentalId: id });
}

async function moveToArchive(world: MarketWorld): Promise<void> {
  await world.pass(durationNs({ days: RETENTION_DAYS }), 2);
  await waitUntil(world, {
    isDone: () => rowsOf(world, 'rentals').length === 0,
    meanwhile: () => undefined,
  });
  world.rules.check();
  for (const escrow of world.treasury.books.escrows()) expect(isEscrowSettled(escrow)).toBe(true);
  for (const name of ROWS_OF_RENTALS) expect([name, rowsOf(world, name)]).toEqual([name, []]);
  const codec = valueCodec<Job>({ version: 1, fields: jobFields });
  const jobs = rowsOf(world, 'jobs').map((row) => codec.decode(row));
  expect(jobs.filter(({ task }) => rentalOf(task) !== undefined)).toEqual([]);
  const paid = [...world.rules.stories.values()].filter(({ id }) =>
    world.escrowsOf(id).some(({ deposited }) => deposited > 0n),
  );
  for (const { id } of paid) {
    expect(world.archive.kept.has(id)).toBe(true);
    expect(world.c.storage.archive.archived.has(id)).toBe(true);
  }
}

function rowsOf(world: MarketWorld, name: keyof typeof MEMORY_IDS): readonly Uint8Array[] {
  const rows = world.memories.stores.get(MEMORY_IDS[name])?.rows() ?? [];
  return [...rows].map(({ value }) => value);
}
