import type { RentalId } from '@decent-cloud/domain/ids.ts';
import { andThen, ok, type Result } from '@decent-cloud/domain/result.ts';
import type { TimestampNs } from '@decent-cloud/domain/time.ts';
import { found, invalidArgument } from '@decent-cloud/kit/errors/common-errors.ts';
import { checkReport } from '../../core/jobs/check-report.ts';
import type { JobReport } from '../../core/jobs/job-report.ts';
import type { Job } from '../../core/jobs/job.ts';
import { rentalOf } from '../../core/jobs/job-kinds.ts';
import { isKnownReport, leaseOf, renewed, type LeasedState } from '../../core/jobs/job-machine.ts';
import { newsOf } from '../../core/jobs/rental-news.ts';
import type { RentalEvent } from '../../core/rentals/rental-event.ts';
import { isOverdue, MAX_CLOCK_STEPS } from '../../core/rentals/next-due.ts';
import type { Rental } from '../../core/rentals/rental.ts';
import { transition } from '../../core/rentals/transition.ts';
import { actingAgent } from '../accounts/callers.ts';
import type { RentalCanister } from '../rental-canister.ts';
import { refuse, type RentalError } from '../rental-errors.ts';
import { jobForAgent, refuseStaleLease } from './agent-jobs.ts';
import { takeEvents } from './take-events.ts';

export interface ReportReceipt {
  /** It was taken in before; nothing was done. */
  readonly isDuplicate: boolean;
  /** Undefined: the job is not the caller's any more, stop working on it. */
  readonly leaseUntil: TimestampNs | undefined;
}

/**
 * Takes one report of a worker in, all of it or nothing, and renews the lease unless the report ends
 * it. A report that was taken in before changes nothing.
 */
export function reportStep(
  c: RentalCanister,
  report: JobReport,
): Result<ReportReceipt, RentalError> {
  const caller = actingAgent(c);
  if (caller.kind === 'err') return caller;
  const agent = caller.value;
  const { jobId, epoch } = report;
  return andThen(jobForAgent(c, { agent, jobId }), (job): Result<ReportReceipt, RentalError> => {
    const lease = leaseOf(job, { agent, epoch, at: c.runtime.time() });
    if (isKnownReport(job, report)) {
      return ok({ isDuplicate: true, leaseUntil: lease?.leaseUntil });
    }
    if (lease === undefined) return refuseStaleLease(job);
    return andThen(checkAll(c, job, report), () => ok(takeReport(c, { job, lease, report })));
  });
}

function takeReport(
  c: RentalCanister,
  held: { readonly job: Job; readonly lease: LeasedState; readonly report: JobReport },
): ReportReceipt {
  const { job, lease, report } = held;
  const taken = renewed(job, lease, { at: c.runtime.time(), reportSeq: report.seq });
  // A success ends the job, and that stores it.
  if (report.events[0]?.kind !== 'succeeded') c.storage.jobs.jobs.set(job.id, taken);
  const after = takeEvents(c, taken, report.events);
  const leaseUntil = after.state.kind === 'leased' ? after.state.leaseUntil : undefined;
  return { isDuplicate: false, leaseUntil };
}

function checkAll(c: RentalCanister, job: Job, report: JobReport): Result<null, RentalError> {
  const expected = job.reportSeq + 1;
  if (report.seq !== expected) {
    const message = `Reports of a lease come in order. Nothing was taken in: send number ${expected} next.`;
    return refuse({ kind: 'out-of-order', expected }, message);
  }
  const checked = checkReport(job, report);
  if (checked.kind === 'err') return invalidArgument(checked.error);
  const rentalId = rentalOf(job.task);
  if (rentalId === undefined) return ok(null);
  return andThen(checkLog(c, job, report), () => checkNews(c, { job, rentalId, report }));
}

/** A log has no holes: bytes follow on those that are known. */
function checkLog(c: RentalCanister, job: Job, report: JobReport): Result<null, RentalError> {
  const pieces = report.events.filter((event) => event.kind === 'log');
  if (pieces.length === 0) return ok(null);
  let known = c.storage.jobs.logs.length(job.id);
  for (const { offset, bytes } of pieces) {
    if (offset > known) {
      const message = `Bytes ${known} to ${offset} of the log are missing: send them first. Nothing was taken in.`;
      return refuse({ kind: 'out-of-order', expected: known }, message);
    }
    known = Math.max(known, offset + bytes.length);
  }
  return ok(null);
}

/** Plays through what the rental will be told, so that nothing is taken in that it would refuse. */
function checkNews(
  c: RentalCanister,
  asked: { readonly job: Job; readonly rentalId: RentalId; readonly report: JobReport },
): Result<null, RentalError> {
  const { job, rentalId, report } = asked;
  const news = report.events
    .map((event) => newsOf(job, event))
    .filter((event): event is RentalEvent => event !== undefined);
  if (news.length === 0) return ok(null);
  const known = found(c.storage.rentals.rentals.get(rentalId), 'rental');
  if (known.kind === 'err') return known;
  const trouble = firstTrouble(known.value, { news, at: c.runtime.time() });
  if (trouble !== undefined) {
    const { state, event } = trouble;
    const message =
      `The rental is ${state}: ${event} cannot be told now. Nothing was taken in: ` +
      'look at get_job, and tell first what comes before.';
    return refuse({ kind: 'wrong-state', state }, message);
  }
  return hasConnection(c, { job, rentalId, report });
}

/** The first event that the rental would refuse, after what the clock has decided before. */
function firstTrouble(
  stored: Rental,
  told: { readonly news: readonly RentalEvent[]; readonly at: TimestampNs },
): { readonly state: string; readonly event: string } | undefined {
  const { news, at } = told;
  let rental = stored;
  const play = (event: RentalEvent): boolean => {
    const moved = transition(rental, event, at);
    if (moved.kind === 'ok') rental = moved.value.rental;
    return moved.kind === 'ok';
  };
  for (let steps = 0; steps < MAX_CLOCK_STEPS && isOverdue(rental, at); steps += 1) {
    play({ kind: 'due' });
  }
  const refused = news.find((event) => !play(event));
  return refused === undefined ? undefined : { state: rental.state.kind, event: refused.kind };
}

/** A machine that nobody can reach is not ready. */
function hasConnection(
  c: RentalCanister,
  asked: { readonly job: Job; readonly rentalId: RentalId; readonly report: JobReport },
): Result<null, RentalError> {
  const { job, rentalId, report } = asked;
  const isReady = job.task.kind === 'provision' && report.events.at(-1)?.kind === 'succeeded';
  const isTold = report.events.some((event) => event.kind === 'connection');
  if (!isReady || isTold || c.storage.jobs.connections.has(rentalId)) return ok(null);
  const rule = 'a machine is ready once its connection card was told';
  return invalidArgument({ argument: 'events', rule });
}
