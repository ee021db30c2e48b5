import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RentalId } from '@decent-cloud/domain/ids.ts';
import { backlogOf, backlogSlot } from '../../core/jobs/backlog.ts';
import type { ErrorClass, JobTask } from '../../core/jobs/job.ts';
import { holdsPlace, JOB_KINDS, LIVE_STATES } from '../../core/jobs/job-kinds.ts';
import { JobWorld, type WorkerName } from '../../testing/job-world.fake.ts';
import { AGENTS } from '../../testing/lease-truth.fake.ts';
import { backlogCounts, placesTaken } from './job-moves.ts';

/** One thing that happens in the world. */
type Happening = (world: JobWorld) => void;
interface Told {
  readonly name: string;
  readonly happen: Happening;
}
interface Model {
  readonly placesBefore: Map<number, number>;
}

class Command implements fc.Command<Model, JobWorld> {
  readonly #told: Told;
  constructor(told: Told) {
    this.#told = told;
  }
  check(): boolean {
    return true;
  }
  run(model: Model, world: JobWorld): void {
    this.#told.happen(world);
    checkWorld(model, world);
  }
  toString(): string {
    return this.#told.name;
  }
}

function named<T>(name: string, arb: fc.Arbitrary<T>, happen: (world: JobWorld, value: T) => void) {
  return arb.map((value) => {
    const told = {
      name: `${name}(${JSON.stringify(value)})`,
      happen: (world: JobWorld) => {
        happen(world, value);
      },
    };
    return new Command(told);
  });
}

const rental = fc.nat(2).map((id) => id as RentalId);
const task: fc.Arbitrary<JobTask> = fc.oneof(
  rental.map((rentalId): JobTask => ({ kind: 'provision', rentalId })),
  rental.map((rentalId): JobTask => ({ kind: 'terminate', rentalId })),
  rental.map((rentalId): JobTask => ({ kind: 'power', rentalId, action: 'reboot' })),
  fc.constantFrom<JobTask>({ kind: 'validate-account' }, { kind: 'refresh-catalogue' }),
);
const agent = fc.constantFrom(...AGENTS);
const account = fc.nat(1);
const worker: fc.Arbitrary<WorkerName> = fc.record({ agent, number: fc.nat(1) });
const pick = fc.nat(5);
const errorClass = fc.constantFrom<ErrorClass | 'none'>(
  'none',
  'config',
  'capacity',
  'quota',
  'auth',
  'exists',
  'transient',
  'unknown',
);
const delaySeconds = fc.constantFrom(0, 0, 0, 20, 90);
const forSeconds = fc.constantFrom(40, 100, 600);
const seconds = fc.oneof(fc.nat(40), fc.constantFrom(29, 30, 31, 60, 61, 300, 700));

const commands = [
  named('start', fc.record({ task, account, delaySeconds, forSeconds }), (world, started) => {
    world.start(started.task, started);
  }),
  named('claim', fc.tuple(worker, fc.integer({ min: 1, max: 4 })), (world, [by, max]) => {
    world.claim(by, max);
  }),
  named('renew', worker, (world, by) => {
    world.renew(by);
  }),
  named('tell', fc.tuple(worker, pick, fc.boolean()), (world, [by, which, skip]) => {
    world.tell(by, which, { skip });
  }),
  named('finish', fc.tuple(worker, pick, errorClass), (world, [by, which, met]) => {
    world.finish(by, which, met);
  }),
  named('release', fc.tuple(worker, pick), (world, [by, which]) => {
    world.release(by, which);
  }),
  named('resend', fc.nat(30), (world, which) => {
    world.resend(which);
  }),
  named('crash', worker, (world, by) => {
    world.crash(by);
  }),
  named('cancel', rental, (world, id) => {
    world.cancel(id);
  }),
  named('pass', seconds, (world, time) => {
    world.pass(time);
  }),
  named('tick', fc.constant(null), (world) => {
    world.tick();
  }),
  named('upgrade', fc.constant(null), (world) => {
    world.upgrade();
  }),
  named('move', fc.tuple(account, agent), (world, [which, to]) => {
    world.moveAccount(which, to);
  }),
  named('places', fc.tuple(account, fc.integer({ min: 1, max: 3 })), (world, [which, places]) => {
    world.setPlaces(which, places);
  }),
  named('revoke', agent, (world, whom) => {
    world.revoke(whom);
  }),
  named('grant', agent, (world, whom) => {
    world.grant(whom);
  }),
];

/** What holds after everything that can happen. */
function checkWorld(model: Model, world: JobWorld): void {
  const live = world.liveJobs();
  const due = world.dueEntries().map(({ id, dueAtNs }) => ({ id, dueAt: dueAtNs }));
  const owed = live.map(({ id, dueAt }) => ({ id, dueAt }));
  expect(due.sort((a, b) => a.id - b.id)).toEqual(owed.sort((a, b) => a.id - b.id));
  for (const { state, task, deadlineAt } of live) {
    if (task.kind === 'terminate') expect(state.kind).not.toBe('waiting');
    else if (state.kind === 'leased') expect(state.leaseUntil).toBeLessThanOrEqual(deadlineAt);
  }
  for (const { id, maxConcurrentJobs } of world.accounts()) {
    const taken = live.filter((job) => job.cloudAccountId === id && holdsPlace(job)).length;
    expect(placesTaken(world.c, id)).toBe(taken);
    const isSomeoneWaiting = live.some(
      (job) => job.cloudAccountId === id && job.state.kind === 'waiting',
    );
    if (isSomeoneWaiting) expect(taken).toBeGreaterThanOrEqual(maxConcurrentJobs);
    const before = model.placesBefore.get(id) ?? 0;
    expect(taken).toBeLessThanOrEqual(Math.max(maxConcurrentJobs, before));
    model.placesBefore.set(id, taken);
  }
  const counted = new Map<number, number>();
  for (const job of live) {
    const slot = backlogSlot(job) ?? -1;
    counted.set(slot, (counted.get(slot) ?? 0) + 1);
  }
  const slots = JOB_KINDS.length * LIVE_STATES.length;
  const expected = Array.from({ length: slots }, (_slot, slot) => counted.get(slot) ?? 0);
  expect(backlogOf(backlogCounts(world.c))).toEqual(backlogOf(expected));
}

/** Everybody works again: each job that is still live comes into somebody's hands. */
function drain(world: JobWorld): void {
  for (const name of AGENTS) world.grant(name);
  const open = () => world.liveJobs().filter(({ id }) => !world.claimedEver.has(id));
  for (let round = 0; round < 200 && open().length > 0; round += 1) {
    world.pass(20);
    world.tick();
    for (const name of AGENTS) {
      const by = { agent: name, number: 0 };
      const claimed = world.claim(by, 20);
      claimed.forEach(() => {
        world.finish(by, 0, 'unknown');
      });
      world.crash(by);
    }
  }
  expect(open()).toEqual([]);
}

describe('leases and queues', () => {
  it('never give a job to two, never lose one, and keep every rule of epochs', () => {
    fc.assert(
      fc.property(fc.commands(commands, { maxCommands: 60, size: '+1' }), (happenings) => {
        const world = new JobWorld();
        const model = { placesBefore: new Map<number, number>() };
        fc.modelRun(() => ({ model, real: world }), happenings);
        drain(world);
        checkWorld(model, world);
      }),
      { numRuns: 150 },
    );
  });
});
