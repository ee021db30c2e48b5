import type { JobEvent } from './job-report.ts';

/** Of a report. */
const MAX_EVENTS = 16;
const MAX_LOG_BYTES = 16 * 1_024;

type LogEvent = Extract<JobEvent, { readonly kind: 'log' }>;

/** What one report carries, and what waits for the next. */
export interface EventBatch {
  readonly events: readonly JobEvent[];
  readonly rest: readonly JobEvent[];
}

/**
 * Takes what fits into one report from the front, in order. Pieces of the log that follow on each other
 * become one as far as they fit.
 */
export function takeBatch(waiting: readonly JobEvent[]): EventBatch {
  const events: JobEvent[] = [];
  let taken = 0;
  for (const event of waiting) {
    const last = events.at(-1);
    const merged = mergedLog(last, event);
    if (merged !== undefined) events[events.length - 1] = merged;
    else if (events.length === MAX_EVENTS) break;
    else events.push(event);
    taken += 1;
  }
  return { events, rest: waiting.slice(taken) };
}

/** Whether nothing but log waits, which may be gathered for a moment. */
export function isOnlyLog(waiting: readonly JobEvent[]): boolean {
  return waiting.every(({ kind }) => kind === 'log');
}

function mergedLog(last: JobEvent | undefined, next: JobEvent): LogEvent | undefined {
  if (last?.kind !== 'log' || next.kind !== 'log') return undefined;
  if (last.offset + last.bytes.length !== next.offset) return undefined;
  const length = last.bytes.length + next.bytes.length;
  if (length > MAX_LOG_BYTES) return undefined;
  const bytes = new Uint8Array(length);
  bytes.set(last.bytes);
  bytes.set(next.bytes, last.bytes.length);
  return { kind: 'log', offset: last.offset, bytes };
}
