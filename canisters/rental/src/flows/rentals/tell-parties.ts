import { InvariantError, present } from '@decent-cloud/domain/assert.ts';
import { elapsed, type DurationNs } from '@decent-cloud/domain/time.ts';
import { noticeWords, type NoticeWords, type RentalFacts } from '../../core/notifications/words.ts';
import type { NoticeKind, RentalEffect } from '../../core/rentals/rental-event.ts';
import type { Operation, Rental } from '../../core/rentals/rental.ts';
import type { FrozenTerms } from '../../core/rentals/terms.ts';
import { notify } from '../notifications/notify.ts';
import type { RentalCanister } from '../rental-canister.ts';

/** The seller hears what concerns their machine; everything else is between the renter and us. */
const FOR_THE_SELLER_TOO: readonly NoticeKind[] = [
  'rental-failed',
  'rental-ended',
  'deletion-delayed',
];

export interface Telling {
  readonly before: Rental;
  readonly rental: Rental;
  readonly effect: Extract<RentalEffect, { readonly kind: 'notify' }>;
}

/** Tells those whom a transition concerns. Once for each transition: its time is in the key. */
export function tellParties(c: RentalCanister, telling: Telling): void {
  const { id: rentalId, renter, provider } = telling.rental;
  const { notice: kind } = telling.effect;
  const terms = present(c.storage.rentals.terms.get(rentalId), 'a rental has no terms');
  const words = wordsOf(c, { ...telling, terms });
  const eventKey = `${kind}:${rentalId}:${c.runtime.time().toString()}`;
  const isForBoth = renter !== provider && FOR_THE_SELLER_TOO.includes(kind);
  for (const recipient of isForBoth ? [renter, provider] : [renter]) {
    notify(c, { recipient, kind, rentalId, ...words, eventKey });
  }
}

interface About extends Telling {
  readonly terms: FrozenTerms;
}

function wordsOf(c: RentalCanister, about: About): NoticeWords {
  const { rental, terms } = about;
  const { notice: kind } = about.effect;
  const at = c.runtime.time();
  const { state } = rental;
  const which = { rentalId: rental.id, title: terms.offeringTitle };
  switch (kind) {
    case 'rental-paid':
      return noticeWords(kind, {
        ...which,
        totalUsdE8: terms.totalUsdE8,
        readyBy: state.kind === 'provisioning' ? state.deadlineAt : at,
      });
    case 'rental-ending-soon': {
      const endsAt = state.kind === 'active' ? state.endsAt : at;
      return noticeWords(kind, { ...which, endsAt, leftNs: elapsed(at, endsAt) });
    }
    case 'rental-failed':
    case 'rental-ended':
      return noticeWords(kind, { ...which, reason: reasonOf(rental) });
    case 'rental-closed':
      return noticeWords(kind, which);
    case 'deletion-delayed': {
      const sinceNs = state.kind === 'ending' ? elapsed(state.since, at) : (0n as DurationNs);
      return noticeWords(kind, { ...which, sinceNs });
    }
    case 'recipe-upgraded':
    case 'recipe-rolled-back':
    case 'operation-failed':
      return operationWords(about, { ...which, kind });
    case 'rental-ready':
    case 'rental-down':
    case 'rental-up':
    case 'cloud-account-invalid':
    case 'sla-unproven':
    case 'stray-deleted':
      throw new InvariantError(`BUG: no transition tells ${kind}`);
  }
}

function reasonOf({ state }: Rental): string {
  return state.kind === 'ending' || state.kind === 'closed' ? state.ending.reason : '';
}

/** What was tried is known from before. */
function operationWords(
  { before, effect }: About,
  which: RentalFacts & {
    readonly kind: 'recipe-upgraded' | 'recipe-rolled-back' | 'operation-failed';
  },
): NoticeWords {
  const operation = before.state.kind === 'active' ? before.state.operation : undefined;
  if (operation === undefined) throw new InvariantError('BUG: an operation ended that never began');
  const { kind, ...rental } = which;
  const reason = effect.reason ?? '';
  if (kind === 'operation-failed' || operation.kind !== 'upgrade-recipe') {
    return noticeWords('operation-failed', { ...rental, operation: nameOf(operation), reason });
  }
  const versions = { from: operation.from.semver, to: operation.to.semver };
  return kind === 'recipe-upgraded'
    ? noticeWords(kind, { ...rental, ...versions })
    : noticeWords(kind, { ...rental, ...versions, reason });
}

function nameOf(operation: Operation): string {
  switch (operation.kind) {
    case 'power':
      return operation.action === 'reboot' ? 'the restart' : `switching ${operation.action}`;
    case 'rotate-ssh-keys':
      return 'the change of SSH keys';
    case 'upgrade-recipe':
      return `the upgrade to ${operation.to.semver}`;
  }
}
