import type { JobEvent } from './job-report.ts';
import { oneLine } from './one-line.ts';

const MAX_NOTE = 200;
const MAX_MESSAGE = 1_000;
const MAX_PARTS = 1_000;
const MAX_RETRY_MS = 86_400_000;

/**
 * The event as the canister takes it: texts from clouds and recipes are cut to their lengths and to one
 * line, numbers to their ranges. A report that breaks a rule would be refused as a whole.
 */
export function fittingEvent(event: JobEvent): JobEvent {
  switch (event.kind) {
    case 'step': {
      const of = clamped(event.of, MAX_PARTS);
      return { ...event, of, index: clamped(event.index, of), note: oneLine(event.note, MAX_NOTE) };
    }
    case 'problem': {
      const message = oneLine(event.message, MAX_MESSAGE);
      return { ...event, message, retryAfterMs: clamped(event.retryAfterMs, MAX_RETRY_MS) };
    }
    case 'succeeded': {
      const { result } = event;
      if (result.kind !== 'rolled-back') return event;
      const reason = oneLine(result.reason, MAX_MESSAGE);
      return { ...event, result: { ...result, reason: reason === '' ? 'unknown' : reason } };
    }
    case 'intent':
    case 'server':
    case 'connection':
    case 'credentials':
    case 'log':
      return event;
  }
}

function clamped(value: number, max: number): number {
  return Math.min(Math.max(Math.trunc(value), 0), max);
}
