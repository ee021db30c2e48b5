import { err, ok, type Result } from '@decent-cloud/domain/result.ts';
import type { VersionStatus } from './recipe.ts';

/**
 * ```
 * published ──deprecate──▶ deprecated ──yank──▶ yanked
 *     └───────────────────yank────────────────────┘
 * ```
 *
 * 1. Nothing leads back: who wants a yanked version again publishes another one.
 * 2. Asked for what is so already, nothing changes: the first reason stays.
 * 3. Neither changes anything that runs.
 */
export function changedStatus(
  from: VersionStatus,
  to: Exclude<VersionStatus, { readonly kind: 'published' }>,
): Result<VersionStatus, { readonly kind: 'wrong-state'; readonly state: string }> {
  if (from.kind === to.kind) return ok(from);
  if (from.kind === 'yanked') return err({ kind: 'wrong-state', state: from.kind });
  return ok(to);
}
