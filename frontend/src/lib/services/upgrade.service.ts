import type { Rental } from '../api/wire.ts';
import { isSecret } from './rent-fields.service.ts';
import { STEP_LABELS, type NumberedRow } from './timeline.service.ts';
import { armOf } from './variant.service.ts';

/** A version that could be had. */
export interface Offered {
  readonly recipeId: bigint;
  readonly name: string;
  readonly from: { readonly number: number; readonly semver: string };
  readonly to: { readonly number: number; readonly semver: string };
  /** The renter said that it is not wanted. */
  readonly isSkipped: boolean;
}

/** The newer version of what runs; undefined if there is none. */
export function offeredUpgrade(
  rental: Pick<Rental.Rental, 'deployment' | 'skipped_version'>,
  recipe: Rental.RecipeView | undefined,
): Offered | undefined {
  const [from] = rental.deployment;
  const [to] = recipe?.current ?? [];
  if (from === undefined || to === undefined || to.number <= from.number) return undefined;
  return {
    recipeId: from.recipe_id,
    name: from.name,
    from: { number: from.number, semver: from.semver },
    to: { number: to.number, semver: to.semver },
    isSkipped: rental.skipped_version[0] === to.number,
  };
}

/** Why the last upgrade was undone; undefined if the last one went well or there was none. */
export function lastRollback(
  rows: readonly NumberedRow[],
): { readonly reason: string; readonly atNs: bigint } | undefined {
  const last = rows.findLast(
    ({ value: { step } }) =>
      'UpgradeStarted' in step || 'UpgradeDone' in step || 'UpgradeRolledBack' in step,
  )?.value;
  if (last === undefined || !('UpgradeRolledBack' in last.step)) return undefined;
  return { reason: last.note, atNs: last.at_ns };
}

/** How far an upgrade is: `Recipe step 2/3: Writing the page`; undefined if nothing was told since it began. */
export function currentStep(rows: readonly NumberedRow[]): string | undefined {
  const last = rows.at(-1)?.value;
  if (last === undefined || 'UpgradeStarted' in last.step) return undefined;
  const part = last.of > 0 ? ` ${last.index}/${last.of}` : '';
  return `${STEP_LABELS[armOf(last.step)]}${part}${last.note === '' ? '' : `: ${last.note}`}`;
}

/** A line of a diff with what it is. */
export interface DiffLine {
  readonly kind: 'same' | 'old' | 'new' | 'note';
  readonly text: string;
}

const KINDS: Readonly<Record<string, DiffLine['kind']>> = { '-': 'old', '+': 'new', '\\': 'note' };

export function diffLine(line: string): DiffLine {
  return { kind: KINDS[line.charAt(0)] ?? 'same', text: line.slice(1) };
}

/** `@@ −3,4 +3,6 @@` in words. */
export function hunkTitle(hunk: {
  readonly old_start: number;
  readonly old_lines: number;
  readonly new_start: number;
  readonly new_lines: number;
}): string {
  return `Line ${hunk.new_start}: ${hunk.old_lines} lines before, ${hunk.new_lines} after`;
}

/**
 * What an upgrade asks its renter: what is new and is typed, and if a new secret is required all secrets
 * of the version, because they are sealed together. What the machine makes itself is never asked.
 */
export function askedFields(
  newFields: readonly Rental.RecipeField[],
  allFields: readonly Rental.RecipeField[],
): readonly Rental.RecipeField[] {
  const needsSecrets = newFields.some((field) => isSecret(field) && field.is_required);
  const typed = newFields.filter(
    ({ field_type: type }) => !('Secret' in type || 'GeneratedSecret' in type),
  );
  return [...typed, ...(needsSecrets ? allFields.filter(isSecret) : [])];
}
