import type { TimestampNs } from '@decent-cloud/domain/time.ts';
import type { StepName } from './job.ts';

/** One row of what happened to a rental, as the renter reads it. */
export interface TimelineRow {
  readonly step: StepName;
  readonly at: TimestampNs;
  /** Of a recipe's steps, from 1; 0 of 0 otherwise. */
  readonly index: number;
  readonly of: number;
  readonly note: string;
}

/** From so many rows on, what workers repeat is left out. */
const CHATTY_ROWS = 1_000;
/** From so many rows on, only the end of the rental is written. */
const MAX_ROWS = 4_000;

const CHATTER: ReadonlySet<StepName> = new Set<StepName>([
  'reserved',
  'server-created',
  'booting',
  'ssh-reachable',
  'recipe-step',
  'health-passed',
  'worker-changed',
  'retrying',
]);
const ENDING: ReadonlySet<StepName> = new Set<StepName>([
  'ending',
  'machine-gone',
  'money-settled',
  'secrets-wiped',
  'closed',
]);

/** Keeps a timeline bounded whatever a worker or a flapping machine does; its end always fits. */
export function isStepKept(step: StepName, rows: number): boolean {
  if (rows >= MAX_ROWS) return ENDING.has(step);
  return rows < CHATTY_ROWS || !CHATTER.has(step);
}

/** A worker that goes on where another stopped tells steps again. */
export function isRepeated(last: TimelineRow | undefined, next: Omit<TimelineRow, 'at'>): boolean {
  if (last === undefined) return false;
  const { step, index, of, note } = last;
  return step === next.step && index === next.index && of === next.of && note === next.note;
}

/** In the order in which a machine comes to be. */
const PROVISIONING: readonly StepName[] = [
  'paid',
  'reserved',
  'server-created',
  'booting',
  'ssh-reachable',
  'recipe-step',
  'health-passed',
  'ready',
];
const MAX_SAMPLE_SECONDS = 86_400;

/**
 * The seconds that this step took, if it followed an earlier one of the same run without trouble in
 * between: only such steps say what is usual.
 */
export function usualSample(
  last: TimelineRow | undefined,
  next: Pick<TimelineRow, 'step' | 'at'>,
): number | undefined {
  if (last === undefined) return undefined;
  const place = PROVISIONING.indexOf(next.step);
  const before = PROVISIONING.indexOf(last.step);
  if (before === -1 || place <= before) return undefined;
  const seconds = Math.round(Number(next.at - last.at) / 1e9);
  return seconds >= 0 && seconds <= MAX_SAMPLE_SECONDS ? seconds : undefined;
}

/** The steps whose usual times are told. */
export const MEASURED_STEPS: readonly StepName[] = PROVISIONING.slice(2);
