import { andThen, ok, type Result } from '@decent-cloud/domain/result.ts';
import type { RentalId } from '@decent-cloud/domain/ids.ts';
import type { TimestampNs } from '@decent-cloud/domain/time.ts';
import { invalidArgument } from '@decent-cloud/kit/errors/common-errors.ts';
import type { Page, PageRequest } from '@decent-cloud/kit/store/page.ts';
import type { JobId } from '../../core/ids.ts';
import type { ConnectionCard } from '../../core/jobs/job-report.ts';
import type { StepName } from '../../core/jobs/job.ts';
import { MEASURED_STEPS, type TimelineRow } from '../../core/jobs/timeline.ts';
import type { RentalCanister } from '../rental-canister.ts';
import type { RentalError } from '../rental-errors.ts';
import { jobForCaller } from './job-views.ts';
import { rentalForCaller } from '../rentals/rental-party.ts';

const MAX_LOG_BYTES = 65_536;

/** How long a step usually takes at this cloud: the middle of the last 50 runs of anybody. */
export interface UsualStep {
  readonly step: StepName;
  readonly seconds: number;
  /** Runs that this was measured in; nothing is told of none. */
  readonly runs: number;
}

export interface TimelineView {
  readonly page: Page<TimelineRow>;
  readonly usual: readonly UsualStep[];
}

/** What happened to a rental, with what is usual, for its renter, its seller and the operator. */
export function readTimeline(
  c: RentalCanister,
  asked: { readonly rentalId: RentalId; readonly page: PageRequest },
): Result<TimelineView, RentalError> {
  const { rentalId, page } = asked;
  return andThen(rentalForCaller(c, rentalId), ({ rental }) => {
    const account = c.storage.accounts.cloudAccounts.get(rental.cloudAccountId);
    const usual = account === undefined ? [] : usualSteps(c, account.backend);
    return ok({ page: c.storage.jobs.timelines.page(rentalId, page), usual });
  });
}

export interface LogRequest {
  readonly jobId: JobId;
  readonly offset: number;
  readonly limit: number;
}

export interface LogView {
  /** Of the first byte given; later than what was asked for if those bytes are gone. */
  readonly offset: number;
  readonly bytes: Uint8Array;
  /** Told so far. */
  readonly totalBytes: number;
  /** Gone from the middle: a log keeps its first 64 KiB and its newest 192 KiB. */
  readonly droppedBytes: number;
}

/** A part of what a job printed, during the run and after it. */
export function readLog(c: RentalCanister, asked: LogRequest): Result<LogView, RentalError> {
  const { jobId, offset, limit } = asked;
  if (limit < 1 || limit > MAX_LOG_BYTES) {
    return invalidArgument({ argument: 'limit', rule: `must be between 1 and ${MAX_LOG_BYTES}` });
  }
  return andThen(jobForCaller(c, jobId), () => {
    const { logs } = c.storage.jobs;
    const { totalBytes, droppedBytes } = logs.kept(jobId);
    return ok({ ...logs.read(jobId, { offset, limit }), totalBytes, droppedBytes });
  });
}

export interface ConnectionView {
  readonly card: ConnectionCard | undefined;
  readonly toldAt: TimestampNs | undefined;
  /** Sealed to the renter's age recipient; for the renter only. */
  readonly sealedCredentials: Uint8Array | undefined;
}

/** How to reach the machine; empty before it is made and again once it is gone. */
export function readConnection(
  c: RentalCanister,
  rentalId: RentalId,
): Result<ConnectionView, RentalError> {
  return andThen(rentalForCaller(c, rentalId), ({ party }) => {
    const { connections, credentials } = c.storage.jobs;
    const connection = connections.get(rentalId);
    const sealed = party === 'renter' ? credentials.get(rentalId)?.sealed : undefined;
    return ok({ card: connection?.card, toldAt: connection?.at, sealedCredentials: sealed });
  });
}

function usualSteps(c: RentalCanister, backend: string): readonly UsualStep[] {
  return MEASURED_STEPS.flatMap((step) => {
    const usual = c.storage.jobs.usualTimes.get([backend, step]);
    if (usual === undefined) return [];
    return [{ step, seconds: usual.seconds, runs: usual.recent.length }];
  });
}
