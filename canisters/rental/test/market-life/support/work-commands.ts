import * as fc from 'fast-check';
import { expect } from 'vitest';
import { present } from '@decent-cloud/domain/assert.ts';
import { after, durationNs } from '@decent-cloud/domain/time.ts';
import type { ErrorClass } from '../../../src/core/jobs/job.ts';
import { hourOf, slotAt } from '../../../src/core/health/slots.ts';
import { claimJobs } from '../../../src/flows/jobs/claim-jobs.flow.ts';
import { reportStep } from '../../../src/flows/jobs/report-step.flow.ts';
import { reportFlip } from '../../../src/flows/health/report-flip.flow.ts';
import { reportHealth } from '../../../src/flows/health/report-health.flow.ts';
import { reportMachineLost } from '../../../src/flows/health/report-machine-lost.flow.ts';
import { asPerson } from '../../../src/testing/accounts.fake.ts';
import { type Hand, type Worker } from './bridge.ts';
import { named, pick, storyOf, times } from './command.ts';
import { AGENTS, type MarketWorld } from './market-world.ts';

const PLATFORM = 'platform-agent';

const which = fc.nat(3);
const trouble = fc.constantFrom<ErrorClass | 'none'>(
  'none',
  'none',
  'none',
  'none',
  'capacity',
  'quota',
  'transient',
  'unknown',
  'exists',
  'auth',
  'config',
);
const luck = fc.record({
  trouble,
  isHealthy: fc.boolean(),
  isAnswerLost: fc.constantFrom(false, false, false, true),
});

function workerOf(world: MarketWorld, index: number): Worker {
  return present(world.workers[index], 'a worker of the world');
}

function handOf({ hands }: Worker, index: number): Hand | undefined {
  return hands[index % Math.max(hands.length, 1)];
}

const claim = named(
  'claim',
  fc.record({ which, max: fc.integer({ min: 1, max: 3 }) }),
  (world, wish) => {
    workerOf(world, wish.which).claim(wish.max);
  },
);
const step = named('step', fc.record({ which, pick, luck }), (world, wish) => {
  const worker = workerOf(world, wish.which);
  const hand = handOf(worker, wish.pick);
  if (hand !== undefined) worker.step(hand, wish.luck);
});
const finish = named('finish', which, (world, index) => {
  const worker = workerOf(world, index);
  for (const hand of worker.hands) worker.finish(hand);
});
const serve = named('serve', fc.tuple(which, fc.boolean()), (world, [index, isHealthy]) => {
  const worker = workerOf(world, index);
  worker.claim(3);
  for (const hand of worker.hands) worker.finish(hand, isHealthy);
});
/** A bridge as it mostly is: it keeps its leases and goes on. */
const workOn = named(
  'workOn',
  fc.record({ which, luck, seconds: fc.integer({ min: 1, max: 20 }) }),
  async (world, wish) => {
    const worker = workerOf(world, wish.which);
    worker.renew();
    for (const hand of worker.hands) worker.step(hand, wish.luck);
    await world.pass(durationNs({ seconds: wish.seconds }), 2);
  },
);
const renew = named('renew', which, (world, index) => {
  workerOf(world, index).renew();
});
const release = named('release', fc.record({ which, pick }), (world, wish) => {
  const worker = workerOf(world, wish.which);
  const hand = handOf(worker, wish.pick);
  if (hand !== undefined) worker.release(hand);
});
const crash = named('crash', which, (world, index) => {
  workerOf(world, index).crash();
});

/** A report that was sent once comes again, late, or before one that it should follow. */
const resend = named('resend', fc.record({ pick: fc.nat(60), skip: fc.nat(2) }), (world, wish) => {
  const old = world.sent[wish.pick % Math.max(world.sent.length, 1)];
  if (old === undefined) return;
  const { c } = world;
  const isHeld = world.workers.some(({ hands }) =>
    hands.some(({ jobId, epoch }) => jobId === old.report.jobId && epoch === old.report.epoch),
  );
  if (isHeld && wish.skip === 0) return;
  const report = { ...old.report, seq: old.report.seq + wish.skip * 20 };
  const before = world.snapshot();
  const answer = asPerson(c, old.agent, () => reportStep(c, report));
  expect(answer.kind === 'err' || answer.value.isDuplicate).toBe(true);
  expect(world.snapshot()).toBe(before);
});

/** Somebody without a grant gets nothing and changes nothing. */
const rogue = named('rogue', fc.nat(60), (world, index) => {
  const { c } = world;
  const old = world.sent[index % Math.max(world.sent.length, 1)];
  const before = world.snapshot();
  asPerson(c, 'mallory', () => {
    const claimed = claimJobs(c, { worker: 'm', max: 20 });
    expect(claimed.kind === 'err' || claimed.value.length === 0).toBe(true);
    if (old !== undefined) expect(reportStep(c, old.report).kind).toBe('err');
  });
  expect(world.snapshot()).toBe(before);
});

const losesMachine = named('losesMachine', pick, async (world, index) => {
  const story = storyOf(world, index, ['active']);
  if (story === undefined) return;
  world.cloud.lose(story.id);
  const { cloudAccountId } = story.last;
  const tell = () => {
    const agent = AGENTS.find((name) => world.isAgentOf(name, cloudAccountId));
    if (agent !== undefined) {
      asPerson(world.c, agent, () => reportMachineLost(world.c, story.id));
    }
  };
  tell();
  await world.pass(durationNs({ minutes: 11 }), 2);
  tell();
});

const health = named(
  'health',
  fc.record({ pick, slots: fc.nat(0xffffff), hoursAgo: fc.nat(2), byPlatform: fc.boolean() }),
  (world, wish) => {
    const story = storyOf(world, wish.pick, ['active', 'ending']);
    if (story === undefined) return;
    const { c } = world;
    const nowSlot = slotAt(world.now);
    const hour = hourOf(nowSlot) - wish.hoursAgo;
    const upto = wish.hoursAgo === 0 ? Math.max(nowSlot % 12, 1) : 12;
    const row = { rentalId: story.id, hour, slots: wish.slots, upto };
    const agent = wish.byPlatform ? PLATFORM : 'alpha';
    asPerson(c, agent, () => reportHealth(c, [row]));
  },
);
const flip = named('flip', fc.record({ pick, isUp: fc.boolean() }), (world, wish) => {
  const story = storyOf(world, wish.pick, ['active']);
  if (story === undefined) return;
  const { c } = world;
  asPerson(c, PLATFORM, () =>
    reportFlip(c, {
      rentalId: story.id,
      at: world.now,
      isUp: wish.isUp,
      checks: [{ what: 'tcp 22', result: 'refused', latencyMs: 3 }],
      nextCheck: after(world.now, durationNs({ seconds: 30 })),
    }),
  );
});

/** What bridges, clouds and probes do. */
export const WORK = [
  ...times(3, claim),
  ...times(6, step),
  ...times(2, finish),
  ...times(4, serve),
  ...times(4, workOn),
  renew,
  release,
  ...times(2, crash),
  ...times(2, resend),
  rogue,
  losesMachine,
  ...times(3, health),
  ...times(2, flip),
];
