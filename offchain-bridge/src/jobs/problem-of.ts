import type { JobEvent } from '../core/job-report.ts';
import { WorkError } from '../core/work-error.ts';
import { CanisterRefusal, CanisterUnavailable } from '../ports/canister-errors.ts';
import { ReportRefused } from './job-reporter.ts';

type Problem = Extract<JobEvent, { readonly kind: 'problem' }>;

/** What a job tells about what it ran into. Of what nobody foresaw it tells only that it was so. */
export function problemOf(error: unknown): Problem {
  if (error instanceof WorkError) {
    const { class: errorClass, message, retryAfterMs } = error;
    return { kind: 'problem', class: errorClass, message, retryAfterMs };
  }
  return { kind: 'problem', retryAfterMs: 0, ...foreseen(error) };
}

/** Whether it is a fault of the bridge itself. */
export function isFault(error: unknown): boolean {
  const isKnown = [WorkError, CanisterRefusal, CanisterUnavailable, ReportRefused].some(
    (known) => error instanceof known,
  );
  return !isKnown;
}

function foreseen(error: unknown): Pick<Problem, 'class' | 'message'> {
  if (error instanceof ReportRefused) {
    return { class: 'unknown', message: `The market did not take a report: ${error.message}` };
  }
  if (error instanceof CanisterRefusal && !error.isTemporary) {
    return { class: 'config', message: `The market refused: ${error.message}` };
  }
  if (error instanceof CanisterRefusal || error instanceof CanisterUnavailable) {
    return { class: 'transient', message: 'The market did not answer as it should.' };
  }
  return { class: 'transient', message: 'The bridge stumbled over an error of its own.' };
}
