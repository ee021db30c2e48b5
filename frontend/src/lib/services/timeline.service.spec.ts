import { describe, expect, it } from 'vitest';
import type { Rental } from '../api/wire.ts';
import {
  STEP_LABELS,
  timelineView,
  usualText,
  withRows,
  type NumberedRow,
  type StepName,
} from './timeline.service.ts';

const START_MS = 1_795_000_000_000;
const stepOf = (name: StepName) => ({ [name]: null }) as Rental.StepName;

type Told = readonly [step: StepName, second: number, note?: string, index?: number, of?: number];

function rowsOf(...told: readonly Told[]): NumberedRow[] {
  return told.map(([step, second, note = '', index = 0, of = 0], seq) => ({
    seq: BigInt(seq),
    value: {
      step: stepOf(step),
      at_ns: BigInt(START_MS + second * 1_000) * 1_000_000n,
      note,
      index,
      of,
    },
  }));
}

const USUAL: Rental.Timeline['usual'] = [
  { step: stepOf('ServerCreated'), seconds: 2, runs: 50 },
  { step: stepOf('Booting'), seconds: 10, runs: 50 },
  { step: stepOf('SshReachable'), seconds: 0, runs: 50 },
  { step: stepOf('RecipeStep'), seconds: 3, runs: 1 },
  { step: stepOf('HealthPassed'), seconds: 1, runs: 1 },
  { step: stepOf('Ready'), seconds: 0, runs: 1 },
];

const view = (
  rows: readonly NumberedRow[],
  change: Partial<Parameters<typeof timelineView>[0]> = {},
) =>
  timelineView({
    rows,
    usual: USUAL,
    state: 'Provisioning',
    hasRecipe: true,
    nowMs: START_MS + 20_000,
    ...change,
  });

const PAID: readonly Told[] = [
  ['Paid', 0, 'Block 3'],
  ['Reserved', 0],
  ['ServerCreated', 2.5],
];

describe('timelineView', () => {
  it('shows what is done, what is under way and what is to come', () => {
    const shown = view(rowsOf(...PAID), { nowMs: START_MS + 8_500 });
    expect(shown.milestones.map(({ step, status }) => `${step} ${status}`)).toEqual([
      'Paid done',
      'Reserved done',
      'ServerCreated done',
      'Booting current',
      'SshReachable todo',
      'RecipeStep todo',
      'HealthPassed todo',
      'Ready todo',
    ]);
    const booting = shown.milestones[3];
    expect(booting).toMatchObject({ tookSeconds: 6, usual: { seconds: 10, runs: 50 } });
    expect(shown.milestones[2]).toMatchObject({ sincePaidSeconds: 2.5, tookSeconds: 2.5 });
    expect(shown.announcement).toBe('Booting.');
    // 4 s of booting, 0, 3, 1, 0.
    expect(shown.readyInSeconds).toBe(8);
  });

  it('stays at the recipe until its health check passed', () => {
    const rows = rowsOf(
      ...PAID,
      ['Booting', 12],
      ['SshReachable', 12],
      ['RecipeStep', 13, 'Writing the program', 2, 3],
    );
    const shown = view(rows);
    const recipe = shown.milestones.find(({ step }) => step === 'RecipeStep');
    expect(recipe).toMatchObject({ status: 'current', part: { index: 2, of: 3 }, tookSeconds: 7 });
    expect(shown.announcement).toBe('Recipe step 2 of 3: Writing the program.');
  });

  it('is all done when it is ready, and lists what came later with the newest first', () => {
    const rows = rowsOf(
      ...PAID,
      ['Booting', 12],
      ['SshReachable', 12],
      ['RecipeStep', 14, 'x', 3, 3],
      ['HealthPassed', 15],
      ['Ready', 15.6],
      ['Down', 100, 'Tried TCP 22'],
      ['Up', 160],
    );
    const shown = view(rows, { state: 'Active' });
    expect(shown.milestones.every(({ status }) => status === 'done')).toBe(true);
    expect(shown.milestones.at(-1)?.sincePaidSeconds).toBe(15.6);
    expect(shown.later.map(({ step }) => step)).toEqual(['Up', 'Down']);
    expect(shown.later[1]).toMatchObject({ tone: 'bad', note: 'Tried TCP 22' });
    expect(shown.readyInSeconds).toBeUndefined();
    expect(shown.announcement).toBe('Ready.');
  });

  it('tells a changed worker and a repeated request calmly, beside the step that waits', () => {
    const rows = rowsOf(...PAID, ['WorkerChanged', 5, 'It fell silent.'], ['Retrying', 7, 'Busy.']);
    const shown = view(rows);
    expect(shown.milestones[3]?.asides.map(({ label, tone }) => [label, tone])).toEqual([
      ['Worker changed, continuing', 'plain'],
      ['Trying again', 'plain'],
    ]);
    expect(shown.later).toEqual([]);
  });

  it('goes back when another worker begins with an earlier step again', () => {
    const rows = rowsOf(...PAID, ['Booting', 12], ['Retrying', 13, 'gone'], ['ServerCreated', 15]);
    const shown = view(rows);
    expect(shown.milestones[2]).toMatchObject({ status: 'done', sincePaidSeconds: 15 });
    expect(shown.milestones[3]).toMatchObject({ status: 'current', atMs: undefined });
  });

  it('stops where it was when the rental ends before it is ready', () => {
    const rows = rowsOf(...PAID, ['SecretsWiped', 29], ['Ending', 30, 'No machine.']);
    const shown = view(rows, { state: 'Ending' });
    expect(shown.milestones[3]).toMatchObject({ status: 'stopped', asides: [] });
    expect(shown.announcement).toBe('Stopped before: Booting.');
    expect(shown.later.map(({ step }) => step)).toEqual(['Ending', 'SecretsWiped']);
    expect(shown.readyInSeconds).toBeUndefined();
  });

  it('has no recipe step for a bare machine, and waits for the payment at first', () => {
    const shown = view([], { hasRecipe: false, state: 'AwaitingPayment' });
    expect(shown.milestones.map(({ step }) => step)).not.toContain('RecipeStep');
    expect(shown.milestones[0]).toMatchObject({ step: 'Paid', status: 'current' });
  });

  it('says when a step takes much longer than usual', () => {
    expect(view(rowsOf(...PAID), { nowMs: START_MS + 32_000 }).isSlow).toBe(false);
    expect(view(rowsOf(...PAID), { nowMs: START_MS + 33_500 }).isSlow).toBe(true);
  });

  it('promises no time that was never measured', () => {
    const usual = USUAL.filter(({ step }) => !('Booting' in step));
    expect(view(rowsOf(...PAID), { usual }).readyInSeconds).toBeUndefined();
  });

  it('has a label for every step of the canister', () => {
    expect(Object.keys(STEP_LABELS)).toHaveLength(24);
    expect(new Set(Object.values(STEP_LABELS)).size).toBe(24);
  });
});

describe('withRows', () => {
  it('takes in new rows once, and gives the same list if there are none', () => {
    const known = rowsOf(...PAID);
    const all = rowsOf(...PAID, ['Booting', 12]);
    expect(withRows(known, all)).toEqual(all);
    expect(withRows(known, known)).toBe(known);
  });
});

describe('usualText', () => {
  it('says how often it was measured, and when it never was', () => {
    expect(usualText(undefined)).toBe('no runs yet');
    expect(usualText({ seconds: 75, runs: 1 })).toBe('usually 1 min 15 s, 1 run');
    expect(usualText({ seconds: 0, runs: 3 })).toBe('usually at once, 3 runs');
  });
});
