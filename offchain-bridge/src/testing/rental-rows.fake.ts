import type { CloudAccountId, JobId, RentalId } from '../core/ids.ts';
import type { ErrorClass, JobEvent } from '../core/job-report.ts';
import type { ClaimedJob, ConnectionCard, JobKind, JobTask, RentalWork } from '../core/job-work.ts';
import { CanisterRefusal } from '../ports/canister-errors.ts';

export type FakeJobState =
  | { readonly kind: 'ready'; readonly order: number }
  | { readonly kind: 'leased'; readonly worker: string; readonly untilMs: number }
  | { readonly kind: 'delayed'; readonly untilMs: number }
  | { readonly kind: 'done'; readonly result: string }
  | { readonly kind: 'failed'; readonly class: ErrorClass }
  | { readonly kind: 'cancelled' };

export interface FakeJob {
  readonly id: JobId;
  readonly task: JobTask;
  readonly deadlineAtMs: number;
  state: FakeJobState;
  /** Who holds or held its last lease, and until when that one may act, also after a cancel. */
  holder: { readonly worker: string; readonly mayActUntilMs: number } | undefined;
  epoch: number;
  seq: number;
  attempts: number;
  failures: number;
  lastClass: ErrorClass | undefined;
  choiceIndex: number;
  log: Uint8Array;
  /** All that was taken in, of all epochs. */
  readonly events: JobEvent[];
}

export interface FakeRentalRow {
  readonly id: RentalId;
  state: 'provisioning' | 'active' | 'ending' | 'closed';
  choiceIndex: number;
  server: { readonly name: string; readonly externalId: string | undefined } | undefined;
  card: ConnectionCard | undefined;
  sealed: Uint8Array | undefined;
  /** What every job about it is told. */
  work: Pick<
    RentalWork,
    'choices' | 'sshKeys' | 'renterRecipient' | 'recipe' | 'previous' | 'inputs'
  >;
}

export type JobEnd = Extract<JobEvent, { readonly kind: 'problem' | 'succeeded' }>;

const MAX_EVENTS = 16;

/** Throws what the canister refuses a report with as a whole. */
export function checkReport(
  job: FakeJob,
  stored: FakeRentalRow | undefined,
  events: readonly JobEvent[],
): void {
  if (events.length > MAX_EVENTS) throw refusal('InvalidArgument');
  const endsAt = events.findIndex((event) => isEnd(event));
  if (endsAt !== -1 && endsAt !== events.length - 1) throw refusal('InvalidArgument');
  let known = job.log.length;
  let row = stored;
  for (const event of events) {
    if (event.kind === 'log') {
      if (event.offset > known) throw refusal('OutOfOrder');
      known = Math.max(known, event.offset + event.bytes.length);
    }
    if (event.kind === 'intent' && event.choiceIndex !== job.choiceIndex) {
      throw refusal('InvalidArgument');
    }
    if (row !== undefined) row = told(row, event, job.task.kind);
  }
}

/** What a rental makes of an event; throws if it refuses it. */
export function told(row: FakeRentalRow, event: JobEvent, kind: JobKind): FakeRentalRow {
  const isNews = event.kind === 'intent' || event.kind === 'server';
  if (isNews && (kind !== 'provision' || row.state !== 'provisioning')) throw refusal('WrongState');
  switch (event.kind) {
    case 'intent': {
      const { name, choiceIndex } = event;
      const isKnown = row.server?.name === name && row.choiceIndex === choiceIndex;
      return isKnown ? row : { ...row, choiceIndex, server: { name, externalId: undefined } };
    }
    case 'server':
      if (row.server === undefined) throw refusal('WrongState');
      return { ...row, server: { ...row.server, externalId: event.externalId } };
    case 'connection':
      return { ...row, card: event.card };
    case 'credentials':
      return { ...row, sealed: event.sealed };
    case 'succeeded':
      if (event.result.kind !== 'ready') return row;
      if (row.server?.externalId === undefined) throw refusal('WrongState');
      if (row.state !== 'provisioning') throw refusal('WrongState');
      if (row.card === undefined) throw refusal('InvalidArgument');
      return row;
    case 'step':
    case 'log':
    case 'problem':
      return row;
  }
}

export function refusal(reason: string): CanisterRefusal {
  return new CanisterRefusal(reason, `the market refuses: ${reason}`, false);
}

export function isEnd(event: JobEvent): event is JobEnd {
  return event.kind === 'problem' || event.kind === 'succeeded';
}

export function isOver({ state }: FakeJob): boolean {
  return state.kind === 'done' || state.kind === 'failed' || state.kind === 'cancelled';
}

function classOf({ task }: FakeJob): number {
  if (task.kind === 'terminate') return 0;
  return task.kind === 'refresh-catalogue' ? 2 : 1;
}

function orderOf({ state }: FakeJob): number {
  return state.kind === 'ready' ? state.order : 0;
}

/** Those that can be claimed: deletes first, then what people wait for, then the rest. */
export function inQueue(jobs: Iterable<FakeJob>): readonly FakeJob[] {
  return [...jobs]
    .filter(({ state }) => state.kind === 'ready')
    .sort((a, b) => classOf(a) - classOf(b) || orderOf(a) - orderOf(b));
}

/** What a worker is told of a job that it has just claimed. */
export function claimedOf(
  { id, epoch, task, attempts }: FakeJob,
  given: { readonly account: CloudAccountId; readonly untilMs: number },
): ClaimedJob {
  return {
    jobId: id,
    epoch,
    kind: task.kind,
    rentalId: 'rentalId' in task ? task.rentalId : undefined,
    cloudAccountId: given.account,
    leaseUntilMs: given.untilMs,
    attempts,
  };
}
