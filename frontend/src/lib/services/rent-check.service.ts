import { err, ok, type Result } from '@decent-cloud/domain/result.ts';
import type { Rental } from '../api/wire.ts';
import type { PublicKey } from './ssh-key.service.ts';

const MAX_KEYS = 10;

/** What a form says, as far as it can be wrong. */
export interface CheckedForm {
  /** Why nothing of the offer can be rented at all. */
  readonly whyNot: string | undefined;
  readonly hasMachine: boolean;
  /** By a field's label. */
  readonly errors: readonly (readonly [label: string, error: string])[];
  readonly keyError: string | undefined;
  readonly termNs: Result<bigint, string>;
  readonly hasToken: boolean;
}

/** What keeps the price from being locked: one line for each. */
export function formProblems(form: CheckedForm): readonly string[] {
  const { whyNot, keyError, termNs } = form;
  const lines = whyNot === undefined ? [] : [whyNot];
  if (!form.hasMachine) lines.push('Machine: choose one that can be had now.');
  lines.push(...form.errors.map(([label, error]) => `${label}: ${error}`));
  if (keyError !== undefined) lines.push(`SSH key: ${keyError}`);
  if (termNs.kind === 'err') lines.push(`Term: ${termNs.error}`);
  if (!form.hasToken) lines.push('Token: choose what to pay with.');
  return lines;
}

/** The keys that are asked for: fingerprints of the account's, and lines that were pasted. */
export function chosenKeys(asked: {
  readonly accountKeys: readonly string[];
  readonly pasted: Result<PublicKey, string> | undefined;
}): Result<readonly string[], string> {
  const { accountKeys, pasted } = asked;
  if (pasted?.kind === 'err') return pasted;
  const keys = [...accountKeys, ...(pasted === undefined ? [] : [pasted.value.line])];
  if (keys.length === 0) {
    return err('Choose or paste one: without a key nobody could sign in to the machine.');
  }
  return keys.length > MAX_KEYS ? err(`At most ${MAX_KEYS} keys.`) : ok(keys);
}

/** Why nothing of an offer can be rented, whatever the machine; undefined if it can. */
export function offerWhyNot(offer: {
  readonly status: Rental.OfferingStatus;
  /** The offer has a recipe, and what it names of it was withdrawn. */
  readonly isRecipeGone: boolean;
}): string | undefined {
  const { status, isRecipeGone } = offer;
  if ('Paused' in status) return 'The seller has paused this offer.';
  if ('Retired' in status) return 'The seller has retired this offer.';
  return isRecipeGone
    ? 'The author of its recipe withdrew the version that this offer names.'
    : undefined;
}
