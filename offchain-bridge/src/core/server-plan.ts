import { choiceOf, isOfRental, type ServerLabels } from './server-labels.ts';
import type { RentalRef } from './server-name.ts';

/** What a cloud says about the server of a rental's name. */
export interface FoundServer {
  readonly externalId: string;
  readonly labels: ServerLabels;
  readonly ipv4: string | undefined;
  readonly status: string;
}

/** What to do about it next. */
export type ServerPlan =
  | { readonly kind: 'create' }
  | { readonly kind: 'adopt'; readonly externalId: string }
  /** It has no address, and may get one while it starts. */
  | { readonly kind: 'await-address'; readonly externalId: string }
  /** It is ours and not what is wanted: it has to be gone before another is made. */
  | { readonly kind: 'replace'; readonly externalId: string; readonly why: ReplaceReason }
  | { readonly kind: 'await-deletion'; readonly externalId: string }
  /** Somebody else's: nothing may be touched. */
  | { readonly kind: 'foreign'; readonly externalId: string };

export type ReplaceReason = 'other-choice' | 'no-ipv4';

/**
 * Decides what to do about what stands under the rental's name. Without another server of that name in
 * the cloud, and never otherwise, one is made.
 */
export function planServer(
  wanted: RentalRef & { readonly choiceIndex: number },
  found: FoundServer | undefined,
): ServerPlan {
  if (found === undefined) return { kind: 'create' };
  const { externalId, labels, ipv4, status } = found;
  if (!isOfRental(labels, wanted)) return { kind: 'foreign', externalId };
  if (status === 'deleting') return { kind: 'await-deletion', externalId };
  if (choiceOf(labels) !== wanted.choiceIndex) {
    return { kind: 'replace', externalId, why: 'other-choice' };
  }
  if (ipv4 !== undefined) return { kind: 'adopt', externalId };
  if (status === 'starting') return { kind: 'await-address', externalId };
  return { kind: 'replace', externalId, why: 'no-ipv4' };
}

/** What a delete does about a server that was found by its id or its name. */
export type DeletePlan = 'delete' | 'await-deletion' | 'foreign';

/** Only what bears the rental's own labels may be deleted. */
export function planDelete(
  rental: RentalRef,
  found: Pick<FoundServer, 'labels' | 'status'>,
): DeletePlan {
  if (!isOfRental(found.labels, rental)) return 'foreign';
  return found.status === 'deleting' ? 'await-deletion' : 'delete';
}
