import { Principal } from '@dfinity/principal';
import { describe, expect, it } from 'vitest';
import type { Rental } from '../api/wire.ts';
import { jobTitle, jobWords } from './log-job.service.ts';
import { powerChoices } from './power.service.ts';
import {
  askedFields,
  currentStep,
  diffLine,
  hunkTitle,
  lastRollback,
  offeredUpgrade,
} from './upgrade.service.ts';

const version = (number: number, semver: string): Rental.VersionRef => ({
  recipe_id: 3n,
  number,
  name: 'nextcloud',
  semver,
  script_sha256: 'ab'.repeat(32),
});

const recipeAt = (number: number, semver: string): Rental.RecipeView => ({
  recipe: {
    id: 3n,
    author: 1n,
    payee: Principal.anonymous(),
    name: 'nextcloud',
    description: '',
    icon: '',
    tags: [],
    author_bps: 0,
    version_count: 9,
    is_deprecated: false,
    created_at_ns: 0n,
    updated_at_ns: 0n,
  },
  current: [
    {
      number,
      semver,
      published_at_ns: 0n,
      min_machine: { cores: 1, memory_mb: 1, disk_gb: 1, archs: [] },
    },
  ],
  stats: { runs: 0n, successes: 0n, p50_seconds: [], p95_seconds: [] },
});

const rental = (skipped: [] | [number] = []) => ({
  deployment: [version(2, '1.4.2')] as [Rental.VersionRef],
  skipped_version: skipped,
});

describe('offeredUpgrade', () => {
  it('offers what is newer than what runs', () => {
    expect(offeredUpgrade(rental(), recipeAt(3, '1.5.0'))).toMatchObject({
      from: { number: 2, semver: '1.4.2' },
      to: { number: 3, semver: '1.5.0' },
      isSkipped: false,
    });
  });

  it('offers nothing that is as new, nothing unknown, and nothing to a bare machine', () => {
    expect(offeredUpgrade(rental(), recipeAt(2, '1.4.2'))).toBeUndefined();
    expect(offeredUpgrade(rental(), undefined)).toBeUndefined();
    const bare = { deployment: [] as [], skipped_version: [] as [] };
    expect(offeredUpgrade(bare, recipeAt(3, '1.5.0'))).toBeUndefined();
  });

  it('remembers what was skipped, until there is something newer', () => {
    expect(offeredUpgrade(rental([3]), recipeAt(3, '1.5.0'))?.isSkipped).toBe(true);
    expect(offeredUpgrade(rental([3]), recipeAt(4, '1.6.0'))?.isSkipped).toBe(false);
  });
});

describe('lastRollback', () => {
  const rows = (
    ...steps: readonly ('UpgradeStarted' | 'UpgradeDone' | 'UpgradeRolledBack' | 'Up')[]
  ) =>
    steps.map((step, seq) => ({
      seq: BigInt(seq),
      value: {
        step: { [step]: null } as Rental.StepName,
        at_ns: BigInt(seq),
        index: 0,
        of: 0,
        note: `note ${seq}`,
      },
    }));

  it('is the reason why the last upgrade was undone', () => {
    const told = rows('UpgradeStarted', 'UpgradeRolledBack', 'Up');
    expect(lastRollback(told)).toEqual({ reason: 'note 1', atNs: 1n });
  });

  it('is told step by step', () => {
    expect(currentStep(rows('UpgradeStarted'))).toBeUndefined();
    const told = rows('UpgradeStarted', 'Up').map((row) => ({
      ...row,
      value: { ...row.value, step: { RecipeStep: null }, index: 2, of: 3 },
    }));
    expect(currentStep(told)).toBe('Recipe step 2/3: note 1');
  });

  it('is over when another upgrade begins or goes well', () => {
    expect(lastRollback(rows('UpgradeStarted', 'UpgradeRolledBack', 'UpgradeStarted'))).toBe(
      undefined,
    );
    expect(lastRollback(rows('UpgradeStarted', 'UpgradeDone'))).toBeUndefined();
    expect(lastRollback([])).toBeUndefined();
  });
});

describe('a preview', () => {
  it('tells lines of a diff apart', () => {
    expect(['-a', '+b', ' c', '\\ No newline'].map((line) => diffLine(line).kind)).toEqual([
      'old',
      'new',
      'same',
      'note',
    ]);
    expect(diffLine('+  x')).toEqual({ kind: 'new', text: '  x' });
    const hunk = { old_start: 3, old_lines: 4, new_start: 3, new_lines: 6 };
    expect(hunkTitle(hunk)).toBe('Line 3: 4 lines before, 6 after');
  });

  it('asks nothing about what the machine makes itself', () => {
    const field = { name: 'A', label: 'A', help: '', is_required: true };
    const made = { ...field, field_type: { GeneratedSecret: { length: 20 } } };
    const typed = { ...field, field_type: { Port: { default: 80 } } };
    expect(askedFields([made, typed], [made, typed])).toEqual([typed]);
  });

  it('asks for all secrets anew if one that is required is new, and else for none', () => {
    const field = { name: 'A', label: 'A', help: '', is_required: true };
    const old = { ...field, field_type: { Secret: null } };
    const added = { ...old, name: 'B' };
    expect(askedFields([added], [old, added])).toEqual([old, added]);
    expect(askedFields([{ ...added, is_required: false }], [old, added])).toEqual([]);
  });
});

describe('powerChoices', () => {
  const active = (power: { On: null } | { Off: null }, isBusy = false): Rental.RentalState => ({
    Active: {
      since_ns: 0n,
      ends_at_ns: 1n,
      power,
      operation: isBusy
        ? [{ RotateSshKeys: { job_id: 1n, since_ns: 0n, deadline_at_ns: 1n } }]
        : [],
    },
  });

  it('offers what the machine is not already, one thing at a time', () => {
    const names = (state: Rental.RentalState) => powerChoices(state).map(({ action }) => action);
    expect(names(active({ On: null }))).toEqual(['Reboot', 'Off']);
    expect(names(active({ Off: null }))).toEqual(['On']);
    expect(names(active({ On: null }, true))).toEqual([]);
    expect(names({ Quoted: { expires_at_ns: 0n } })).toEqual([]);
  });
});

describe('jobs', () => {
  it('are named by what they do', () => {
    const upgrade = { rental_id: 1n, from: version(2, '1.4.2'), to: version(3, '1.5.0') };
    expect(jobTitle({ task: { UpgradeRecipe: upgrade } })).toBe('Upgrade 1.4.2 → 1.5.0');
    expect(jobTitle({ task: { Power: { rental_id: 1n, action: { Off: null } } } })).toBe(
      'Power: off',
    );
    expect(jobTitle({ task: { Provision: { rental_id: 1n } } })).toBe('Setting it up');
  });

  it('say calmly how far they are, and why they failed', () => {
    const lease = { agent: Principal.anonymous(), worker: 'w', since_ns: 0n, lease_until_ns: 1n };
    expect(jobWords({ state: { Leased: lease }, attempts: 2 })).toContain('second time');
    const failed = { at_ns: 0n, class: { Config: null }, reason: 'It did not start.' };
    expect(jobWords({ state: { Failed: failed }, attempts: 1 })).toBe('It did not start.');
  });
});
