import type { Rental } from '../api/wire.ts';
import { durationText, msOfNs } from './format.service.ts';
import { isVisible } from './seller-form.service.ts';
import { armOf, type ArmOf } from './variant.service.ts';

type Tone = 'good' | 'warn' | 'bad' | 'info' | 'plain';

export const MAX_LABEL = 64;
const MAX_JOBS = 50;
/** Hetzner's API tokens, as its console makes them. */
const HETZNER_TOKEN = /^[A-Za-z0-9]{64}$/;
const STALE_JOB_MS = 120_000;

/** A cloud account as it is typed; the token is kept apart. */
export interface AccountForm {
  label: string;
  maxJobs: string;
  /** The principal of the agent that works it. */
  agent: string;
}

export type AccountErrors = Readonly<Partial<Record<keyof AccountForm | 'token', string>>>;

/** What is wrong, at the field where it is; empty if nothing is. */
export function accountErrors(
  form: AccountForm,
  /** Undefined if none is to be given. */
  token: string | undefined,
): AccountErrors {
  const errors: Partial<Record<keyof AccountForm | 'token', string>> = {};
  if (!isVisible(form.label, MAX_LABEL)) {
    errors.label = `Type a name for yourself, 1 to ${MAX_LABEL} characters.`;
  }
  const jobs = jobsOf(form);
  if (jobs === undefined) errors.maxJobs = `Type a whole number from 1 to ${MAX_JOBS}.`;
  if (form.agent === '') errors.agent = 'Choose the bridge that works it.';
  const wrong = token === undefined ? undefined : tokenError(token);
  if (wrong !== undefined) errors.token = wrong;
  return errors;
}

/** Undefined if it is no number that the canister takes. */
export function jobsOf({ maxJobs }: Pick<AccountForm, 'maxJobs'>): number | undefined {
  if (!/^\d{1,2}$/.test(maxJobs.trim())) return undefined;
  const jobs = Number(maxJobs);
  return jobs >= 1 && jobs <= MAX_JOBS ? jobs : undefined;
}

/** Never repeats what was typed. */
export function tokenError(token: string): string | undefined {
  const typed = token.trim();
  if (typed === '') return 'Paste the token.';
  if (HETZNER_TOKEN.test(typed)) return undefined;
  return `A Hetzner token has 64 letters and digits; this has ${typed.length} characters. Copy it again.`;
}

export interface ValidityWords {
  readonly tone: Tone;
  readonly label: string;
  readonly text: string;
  readonly checkedAtMs: number | undefined;
}

/** Whether the cloud takes the token, in words. */
export function validityWords(validity: Rental.Validity): ValidityWords {
  if ('Valid' in validity) {
    return {
      tone: 'good',
      label: 'Valid',
      text: 'The cloud takes the token.',
      checkedAtMs: msOfNs(validity.Valid.checked_at_ns),
    };
  }
  if ('Invalid' in validity) {
    const { reason, checked_at_ns: checkedAt } = validity.Invalid;
    return {
      tone: 'bad',
      label: 'Invalid',
      text: `The cloud refuses the token: ${reason}. Its offers cannot be rented until you replace it.`,
      checkedAtMs: msOfNs(checkedAt),
    };
  }
  return {
    tone: 'warn',
    label: 'Unchecked',
    text: 'The bridge has not tried the token yet. This takes a few seconds as a rule.',
    checkedAtMs: undefined,
  };
}

const JOB_NAMES: Readonly<Record<ArmOf<Rental.JobTask>, string>> = {
  Provision: 'Make the machine',
  Terminate: 'Delete the machine',
  UpgradeRecipe: 'Upgrade the recipe',
  Power: 'Switch power',
  RotateSshKeys: 'Change SSH keys',
  ValidateAccount: 'Try the token',
  RefreshCatalogue: 'Read the stock',
};

export interface JobWords {
  readonly id: bigint;
  readonly what: string;
  /** The rental that it is for, if it is for one. */
  readonly rentalId: bigint | undefined;
  readonly tone: Tone;
  readonly label: string;
  /** What holds it up, in the cloud's words; empty for nothing. */
  readonly text: string;
  readonly atMs: number;
}

/** A job of a cloud account, in words. */
export function jobWords(job: Rental.Job, nowMs: number): JobWords {
  const { task, state } = job;
  const [problem] = job.last_problem;
  const rental = Object.values(task)[0] as { readonly rental_id?: bigint } | null;
  const words = {
    id: job.id,
    what: JOB_NAMES[armOf(task)],
    rentalId: rental?.rental_id,
    text: problem?.message ?? '',
  };
  const createdMs = msOfNs(job.created_at_ns);
  if ('Done' in state) {
    return { ...words, tone: 'good', label: 'Done', text: '', atMs: msOfNs(state.Done.at_ns) };
  }
  if ('Failed' in state) {
    const { at_ns: at, reason } = state.Failed;
    return { ...words, tone: 'bad', label: 'Failed', text: reason, atMs: msOfNs(at) };
  }
  if ('Cancelled' in state) {
    return { ...words, tone: 'plain', label: 'Cancelled', atMs: msOfNs(state.Cancelled.at_ns) };
  }
  if ('Leased' in state) return { ...words, tone: 'info', label: 'Being done', atMs: createdMs };
  if ('Delayed' in state) {
    return { ...words, tone: 'warn', label: 'Tried again soon', atMs: createdMs };
  }
  const waitedMs = nowMs - createdMs;
  const isStuck = waitedMs > STALE_JOB_MS;
  return {
    ...words,
    tone: isStuck ? 'warn' : 'info',
    label: 'Waiting',
    text: isStuck
      ? `No bridge has taken it for ${durationText(waitedMs / 1_000)}. Is yours running?`
      : words.text,
    atMs: createdMs,
  };
}

/** Whether anything is being done for the account now. */
export function isWorking(jobs: readonly Rental.Job[]): boolean {
  return jobs.some(({ state }) => !('Done' in state || 'Failed' in state || 'Cancelled' in state));
}
