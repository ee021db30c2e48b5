import { describe, expect, it } from 'vitest';
import type { JobId } from '../core/ids.ts';
import type { JobEvent } from '../core/job-report.ts';
import { CanisterRefusal, CanisterUnavailable } from '../ports/canister-errors.ts';
import type { RentalPort, ReportOutcome } from '../ports/rental.port.ts';
import { FakeClock } from '../testing/fake-clock.fake.ts';
import { quietLog } from '../testing/quiet.fake.ts';
import { HeldLease, LeaseLost } from '../workers/held-lease.ts';
import { JobReporter, ReportRefused } from './job-reporter.ts';

type Report = Parameters<RentalPort['reportStep']>[0];
type Answer = ReportOutcome | Error | 'silence';

const TAKEN: ReportOutcome = { kind: 'taken', leaseUntilMs: 1 };
const AWAY = new CanisterUnavailable('nobody answers');

/** A canister that answers as it is told, and a reporter. */
class World {
  readonly clock = new FakeClock();
  readonly reports: Report[] = [];
  readonly held = new HeldLease({ jobId: 7 as JobId, epoch: 3 }, 0, this.clock);
  answers: Answer[] = [];
  answerMs = 100;
  readonly reporter = new JobReporter(
    {
      rental: { reportStep: (report) => this.#answer(report) },
      clock: this.clock,
      log: quietLog,
      random: () => 0,
    },
    this.held,
  );

  get seqs(): readonly number[] {
    return this.reports.map(({ seq }) => seq);
  }

  async #answer(report: Report): Promise<ReportOutcome> {
    this.reports.push(report);
    const answer = this.answers.shift() ?? TAKEN;
    await this.clock.sleep(answer === 'silence' ? 10 ** 9 : this.answerMs);
    if (answer instanceof Error) throw answer;
    return answer === 'silence' ? TAKEN : answer;
  }
}

function step(note: string): JobEvent {
  return { kind: 'step', step: 'recipe-step', index: 1, of: 9, note };
}

function log(offset: number, text: string): JobEvent {
  return { kind: 'log', offset, bytes: new TextEncoder().encode(text) };
}

describe('JobReporter', () => {
  it('numbers reports and sends one at a time, with all that waits', async () => {
    const { reporter, clock, reports } = new World();
    reporter.tell(step('a'));
    reporter.tell(step('b'));
    reporter.tell(step('c'));
    await clock.give(reporter.taken());
    expect(reports).toMatchObject([
      { jobId: 7, epoch: 3, seq: 1, events: [{ note: 'a' }, { note: 'b' }, { note: 'c' }] },
    ]);
    await clock.give(reporter.tellNow(step('d')));
    expect(reports[1]).toMatchObject({ seq: 2, events: [{ note: 'd' }] });
  });

  it('puts into one report what is told a moment apart', async () => {
    const { reporter, clock, reports } = new World();
    const tellAll = async (): Promise<void> => {
      reporter.tell(step('a'));
      await clock.sleep(10);
      reporter.tell(step('b'));
      await reporter.tellNow(step('c'));
    };
    await clock.give(tellAll());
    expect(reports).toMatchObject([{ events: [{ note: 'a' }, { note: 'b' }, { note: 'c' }] }]);
  });

  it('sends the same report with the same number until it is answered', async () => {
    const world = new World();
    world.answers = [AWAY, AWAY, new CanisterRefusal('RateLimited', 'slower', true), TAKEN];
    await world.clock.give(world.reporter.tellNow(step('a')));
    expect(world.seqs).toEqual([1, 1, 1, 1]);
    expect(new Set(world.reports.map(({ events }) => JSON.stringify(events))).size).toBe(1);
  });

  it('keeps the lease by each answer, from when the report was sent', async () => {
    const world = new World();
    await world.clock.advance(15_000);
    world.answerMs = 2_000;
    await world.clock.give(world.reporter.tellNow(step('a')));
    expect(world.held.confirmedAtMs).toBe(15_000);
    expect(world.held.leftMs).toBe(18_000);
  });

  it('gives up when the lease is over, and tells nothing more', async () => {
    const world = new World();
    world.answers = Array.from({ length: 100 }, () => AWAY);
    const told = world.reporter.tellNow(step('a'));
    await expect(world.clock.give(told)).rejects.toBeInstanceOf(LeaseLost);
    expect(world.clock.monotonicMs()).toBeLessThanOrEqual(20_500);
    const sent = world.reports.length;
    world.reporter.tell(step('b'));
    await world.clock.advance(60_000);
    expect(world.reports).toHaveLength(sent);
    await expect(world.reporter.taken()).rejects.toBeInstanceOf(LeaseLost);
  });

  it('does not wait for an answer that never comes once the lease is lost', async () => {
    const world = new World();
    world.answers = ['silence'];
    const told = world.reporter.tellNow(step('a'));
    await world.clock.advance(1_000);
    world.held.lose('somebody else has it');
    await expect(told).rejects.toBeInstanceOf(LeaseLost);
  });

  it.each([
    ['stale', { kind: 'stale' }],
    ['the end of the job', { kind: 'taken', leaseUntilMs: undefined }],
    ['a revoked agent', new CanisterRefusal('NotAllowed', 'was revoked', false)],
  ] as const)('loses the lease by %s', async (_, answer) => {
    const world = new World();
    world.answers = [answer];
    const told = world.reporter.tellNow(step('a'));
    await expect(world.clock.give(told)).rejects.toBeInstanceOf(LeaseLost);
    expect(world.held.signal.aborted).toBe(true);
  });

  it('tells of a refusal once, and goes on with the same number', async () => {
    const world = new World();
    world.answers = [new CanisterRefusal('WrongState', 'the rental is ending', false)];
    world.reporter.tell(step('a'));
    await world.clock.advance(1_000);
    world.reporter.tell(step('dropped'));
    await expect(world.reporter.taken()).rejects.toBeInstanceOf(ReportRefused);
    await world.clock.give(world.reporter.tellNow(step('b')));
    expect(world.reports.at(-1)).toMatchObject({ seq: 1, events: [{ note: 'b' }] });
    expect(world.reports).toHaveLength(2);
  });

  it('is content with an end without a lease', async () => {
    const world = new World();
    world.answers = [{ kind: 'taken', leaseUntilMs: undefined }];
    const end: JobEvent = { kind: 'succeeded', result: { kind: 'ready' } };
    await world.clock.give(world.reporter.tellNow(end));
    expect(world.held.signal.aborted).toBe(false);
  });

  it('gathers log for a moment, but not once somebody waits', async () => {
    const world = new World();
    world.reporter.tell(log(0, 'one '));
    await world.clock.advance(500);
    world.reporter.tell(log(4, 'two'));
    await world.clock.advance(2_000);
    expect(world.reports).toHaveLength(1);
    expect(world.reports[0]?.events).toEqual([log(0, 'one two')]);
    world.reporter.tell(log(7, 'three'));
    const before = world.clock.monotonicMs();
    await world.clock.give(world.reporter.taken());
    expect(world.clock.monotonicMs() - before).toBeLessThan(200);
  });

  it('sends at most 16 events at once and keeps their order', async () => {
    const world = new World();
    for (let index = 0; index < 40; index += 1) world.reporter.tell(step(index.toString()));
    await world.clock.give(world.reporter.taken());
    expect(world.reports.map(({ events }) => events.length)).toEqual([16, 16, 8]);
    const notes = world.reports.flatMap(({ events }) => events).map((event) => event);
    expect(notes.map((event) => event.kind === 'step' && event.note)).toEqual(
      Array.from({ length: 40 }, (_, index) => index.toString()),
    );
  });
});
