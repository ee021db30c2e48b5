import type { Rental } from '../api/wire.ts';
import { durationText, msOfNs } from './format.service.ts';
import { armOf, type ArmOf } from './variant.service.ts';

export type StepName = ArmOf<Rental.StepName>;

/** A row with its number, as read; numbers have no holes. */
export interface NumberedRow {
  readonly seq: bigint;
  readonly value: Rental.TimelineRow;
}

/** What a step usually takes, from real runs. */
export interface Usual {
  readonly seconds: number;
  readonly runs: number;
}

/** One of the steps from paid to ready. */
export interface Milestone {
  readonly step: StepName;
  readonly label: string;
  readonly status: 'done' | 'current' | 'todo' | 'stopped';
  readonly atMs: number | undefined;
  /** Since the payment was confirmed. */
  readonly sincePaidSeconds: number | undefined;
  /** Since the step before it; of the current one until now. */
  readonly tookSeconds: number | undefined;
  readonly usual: Usual | undefined;
  readonly note: string;
  /** Of the recipe's own steps. */
  readonly part: { readonly index: number; readonly of: number } | undefined;
  /** What else happened while this was the next one: a worker changed, a request was repeated. */
  readonly asides: readonly Happening[];
}

/** Something that happened at a time. */
export interface Happening {
  readonly step: StepName;
  readonly label: string;
  readonly note: string;
  readonly atMs: number;
  readonly tone: 'good' | 'warn' | 'bad' | 'plain';
}

/** What a page shows of a timeline. */
export interface TimelineView {
  readonly milestones: readonly Milestone[];
  /** After it was ready, or after it began to end; the newest first. */
  readonly later: readonly Happening[];
  /** The current step in one sentence, for those who listen. */
  readonly announcement: string;
  /** By what is usual; undefined if that is not known or nothing is under way. */
  readonly readyInSeconds: number | undefined;
  /** The current step takes much longer than it usually does. */
  readonly isSlow: boolean;
}

export interface TimelineInput {
  readonly rows: readonly NumberedRow[];
  readonly usual: Rental.Timeline['usual'];
  readonly state: ArmOf<Rental.RentalState>;
  /** A bare machine has no steps of a recipe. */
  readonly hasRecipe: boolean;
  readonly nowMs: number;
}

export const STEP_LABELS: Readonly<Record<StepName, string>> = {
  Paid: 'Paid',
  Reserved: 'Reserved',
  ServerCreated: 'Server created',
  Booting: 'Booting',
  SshReachable: 'SSH reachable',
  RecipeStep: 'Recipe step',
  HealthPassed: 'Health passed',
  Ready: 'Ready',
  WorkerChanged: 'Worker changed, continuing',
  Retrying: 'Trying again',
  Power: 'Power',
  KeysRotated: 'SSH keys replaced',
  UpgradeStarted: 'Upgrade started',
  UpgradeDone: 'Upgrade done',
  UpgradeRolledBack: 'Upgrade rolled back',
  OperationFailed: 'It did not work',
  Extended: 'Extended',
  Down: 'Went down',
  Up: 'Came up again',
  Ending: 'Ending',
  MachineGone: 'Machine deleted',
  MoneySettled: 'Money settled',
  SecretsWiped: 'Private data wiped',
  Closed: 'Closed',
};

const TONES: Readonly<Partial<Record<StepName, Happening['tone']>>> = {
  UpgradeDone: 'good',
  UpgradeRolledBack: 'warn',
  OperationFailed: 'bad',
  Extended: 'good',
  Down: 'bad',
  Up: 'good',
  Ending: 'warn',
};

/** What is told when a rental ends, in whatever order. */
const ENDING: ReadonlySet<StepName> = new Set<StepName>([
  'Ending',
  'SecretsWiped',
  'MachineGone',
  'MoneySettled',
  'Closed',
]);

/** So much longer than twice the usual time. */
const SLOW_AFTER_SECONDS = 10;

const PATH: readonly StepName[] = [
  'Paid',
  'Reserved',
  'ServerCreated',
  'Booting',
  'SshReachable',
  'RecipeStep',
  'HealthPassed',
  'Ready',
];

/** Adds rows that were read, in order; those that are known already change nothing. */
export function withRows(
  known: readonly NumberedRow[],
  read: readonly NumberedRow[],
): readonly NumberedRow[] {
  const last = known.at(-1)?.seq ?? -1n;
  const fresh = read.filter(({ seq }) => seq > last);
  return fresh.length === 0 ? known : [...known, ...fresh];
}

interface Reached {
  row: Rental.TimelineRow | undefined;
  asides: Happening[];
}

/** The rows as steps from paid to ready, and what came after. */
export function timelineView(input: TimelineInput): TimelineView {
  const path = PATH.filter((step) => input.hasRecipe || step !== 'RecipeStep');
  const { reached, later, hasEnded } = sort(path, input.rows);
  const lastPlace = reached.findLastIndex(({ row }) => row !== undefined);
  const isReady = lastPlace === path.length - 1;
  const isOver = hasEnded || input.state === 'Ending' || input.state === 'Closed';
  const atRecipe = path[lastPlace] === 'RecipeStep';
  const current = isReady ? -1 : atRecipe ? lastPlace : lastPlace + 1;
  const paidAtMs = msOfRow(reached[0]?.row);
  const milestones = path.map((step, place): Milestone => {
    const { row, asides } = reached[place] ?? { row: undefined, asides: [] };
    const atMs = msOfRow(row);
    const beforeMs = lastMsBefore(reached, place);
    const status = statusOf({ place, current, isReached: row !== undefined, isOver });
    const untilMs = status === 'current' ? input.nowMs : atMs;
    const fromMs = status === 'current' && atMs !== undefined ? atMs : beforeMs;
    return {
      step,
      label: STEP_LABELS[step],
      status,
      atMs,
      sincePaidSeconds: secondsBetween(paidAtMs, untilMs),
      tookSeconds: secondsBetween(fromMs, untilMs),
      usual: usualOf(input.usual, step),
      note: row?.note ?? '',
      part: row !== undefined && row.of > 0 ? { index: row.index, of: row.of } : undefined,
      asides,
    };
  });
  return {
    milestones,
    later: later.toReversed(),
    announcement: announcementOf(milestones, isReady),
    readyInSeconds: isReady || isOver ? undefined : readyIn(milestones, current),
    isSlow: milestones.some(isSlow),
  };
}

function sort(
  path: readonly StepName[],
  rows: readonly NumberedRow[],
): { readonly reached: Reached[]; readonly later: Happening[]; readonly hasEnded: boolean } {
  const reached: Reached[] = path.map(() => ({ row: undefined, asides: [] }));
  const later: Happening[] = [];
  let next = 0;
  let isBefore = true;
  let hasEnded = false;
  for (const { value } of rows) {
    const step = armOf(value.step);
    const place = path.indexOf(step);
    if (ENDING.has(step)) [isBefore, hasEnded] = [false, true];
    if (isBefore && place >= 0) {
      // Who goes on where another stopped begins with an earlier step again.
      for (const later of reached.slice(place + 1)) later.row = undefined;
      const at = reached[place];
      if (at !== undefined) at.row = value;
      next = step === 'RecipeStep' ? place : place + 1;
      if (step === 'Ready') isBefore = false;
    } else if (isBefore) {
      (reached[next] ?? reached.at(-1))?.asides.push(happening(step, value));
    } else {
      later.push(happening(step, value));
    }
  }
  return { reached, later, hasEnded };
}

function happening(step: StepName, row: Rental.TimelineRow): Happening {
  const { note, at_ns: at, index, of } = row;
  const part = of > 0 ? ` ${index}/${of}` : '';
  const tone = TONES[step] ?? 'plain';
  return { step, label: `${STEP_LABELS[step]}${part}`, note, atMs: msOfNs(at), tone };
}

function statusOf(at: {
  readonly place: number;
  readonly current: number;
  readonly isReached: boolean;
  readonly isOver: boolean;
}): Milestone['status'] {
  if (at.place === at.current) return at.isOver ? 'stopped' : 'current';
  return at.isReached ? 'done' : 'todo';
}

function lastMsBefore(reached: readonly Reached[], place: number): number | undefined {
  return msOfRow(reached.slice(0, place).findLast(({ row }) => row !== undefined)?.row);
}

function msOfRow(row: Rental.TimelineRow | undefined): number | undefined {
  return row === undefined ? undefined : msOfNs(row.at_ns);
}

function secondsBetween(from: number | undefined, to: number | undefined): number | undefined {
  return from === undefined || to === undefined ? undefined : Math.max(0, (to - from) / 1_000);
}

function usualOf(usual: Rental.Timeline['usual'], step: StepName): Usual | undefined {
  const found = usual.find((row) => armOf(row.step) === step);
  return found === undefined ? undefined : { seconds: found.seconds, runs: found.runs };
}

function isSlow({ status, tookSeconds = 0, usual }: Milestone): boolean {
  if (status !== 'current' || usual === undefined) return false;
  return tookSeconds > 2 * usual.seconds + SLOW_AFTER_SECONDS;
}

/** Undefined if a step that is still to come was never measured. */
function readyIn(milestones: readonly Milestone[], current: number): number | undefined {
  let left = 0;
  for (const { step, usual, tookSeconds } of milestones.slice(current)) {
    if (step === 'Paid' || step === 'Reserved') continue;
    if (usual === undefined) return undefined;
    const taken = step === milestones[current]?.step ? (tookSeconds ?? 0) : 0;
    left += Math.max(0, usual.seconds - taken);
  }
  return left;
}

/** `Recipe step 2 of 3: Writing the program.` */
function announcementOf(milestones: readonly Milestone[], isReady: boolean): string {
  if (isReady) return 'Ready.';
  const now = milestones.find(({ status }) => status === 'current' || status === 'stopped');
  if (now === undefined) return '';
  if (now.status === 'stopped') return `Stopped before: ${now.label}.`;
  const part = now.part === undefined ? '' : ` ${now.part.index} of ${now.part.of}`;
  return `${now.label}${part}${now.note === '' ? '' : `: ${now.note}`}.`;
}

/** `usually 10 s, 50 runs`, `no runs yet`. */
export function usualText(usual: Usual | undefined): string {
  if (usual === undefined) return 'no runs yet';
  const runs = `${usual.runs} ${usual.runs === 1 ? 'run' : 'runs'}`;
  return usual.seconds === 0
    ? `usually at once, ${runs}`
    : `usually ${durationText(usual.seconds)}, ${runs}`;
}

/** Whether steps of today cannot be told for long: Paid and Reserved are not measured. */
export function isMeasured(step: StepName): boolean {
  return step !== 'Paid' && step !== 'Reserved';
}
