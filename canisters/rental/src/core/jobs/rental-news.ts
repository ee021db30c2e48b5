import type { JobEvent, JobResult } from './job-report.ts';
import type { Job } from './job.ts';
import type { RentalEvent } from '../rentals/rental-event.ts';

/** What a rental is told of a worker's event; undefined if it does not concern its state. */
export function newsOf(job: Job, event: JobEvent): RentalEvent | undefined {
  switch (event.kind) {
    case 'intent':
      return { kind: 'server-intended', choiceIndex: event.choiceIndex, name: event.name };
    case 'server':
      return { kind: 'server-created', externalId: event.externalId };
    case 'succeeded':
      return successNews(job, event.result);
    case 'step':
    case 'connection':
    case 'credentials':
    case 'log':
    case 'problem':
      return undefined;
  }
}

function successNews({ id, task }: Job, result: JobResult): RentalEvent | undefined {
  switch (task.kind) {
    case 'provision':
      return { kind: 'machine-ready' };
    case 'terminate':
      return { kind: 'machine-gone' };
    case 'upgrade-recipe':
      return result.kind === 'rolled-back'
        ? { kind: 'recipe-rolled-back', jobId: id, reason: result.reason }
        : { kind: 'recipe-upgraded', jobId: id, to: task.to };
    case 'power':
      return { kind: 'power-done', jobId: id, action: task.action };
    case 'rotate-ssh-keys':
      return { kind: 'keys-rotated', jobId: id };
    case 'validate-account':
    case 'refresh-catalogue':
      return undefined;
  }
}

/** What a rental is told of a job that failed. */
export function failureNews({ id, task, state }: Job): RentalEvent | undefined {
  if (state.kind !== 'failed') return undefined;
  const { class: errorClass, reason } = state;
  switch (task.kind) {
    case 'provision':
      return { kind: 'provisioning-failed', class: errorClass, reason };
    case 'upgrade-recipe':
    case 'power':
    case 'rotate-ssh-keys':
      return { kind: 'operation-failed', jobId: id, reason };
    case 'terminate':
    case 'validate-account':
    case 'refresh-catalogue':
      return undefined;
  }
}
