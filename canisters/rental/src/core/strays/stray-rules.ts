import { after, durationNs, elapsed, type TimestampNs } from '@decent-cloud/domain/time.ts';
import type { CloudAccountId } from '../ids.ts';
import type { Rental } from '../rentals/rental.ts';
import { firstTrouble, textTrouble, type Trouble } from '../text-rules.ts';
import type { SeenServer, Stray } from './stray.ts';

/*
 * (new) ──seen──▶ there ──report_stray_deleted──▶ deleted ──90 days, or 1,000 newer──▶ (forgotten)
 *                   │ a rental has it, or not seen for a day ──▶ (forgotten)
 *
 * 1. Nothing is deleted that a rental has or may have, nor within an hour after it was first seen by
 *    this canister's clock, whatever an agent says.
 * 2. What was forgotten begins anew.
 */

const MAX_SERVERS = 100;
const MAX_LENGTH = 128;
const GRACE_NS = durationNs({ hours: 1 });
const FORGOTTEN_AFTER_NS = durationNs({ hours: 24 });
const SHOWN_FOR_NS = durationNs({ days: 90 });
/** A list of the cloud may be so much older than the deletion. */
const STILL_LISTED_NS = durationNs({ hours: 1 });

/** Of an account, of those that are there and of those that were deleted. */
export const MAX_STRAYS = 1_000;

export type Verdict = 'wait' | 'delete' | 'keep';

/** `owned`: a rental has or may have the server; `open`: nobody does, but it is not for us to say. */
export type Claim = 'owned' | 'open' | 'none';

/** Counts and lengths, before anything is spent on them. */
export function serversTrouble(servers: readonly SeenServer[]): Trouble {
  if (servers.length > MAX_SERVERS) {
    return { argument: 'strays', rule: `must be at most ${MAX_SERVERS}` };
  }
  return firstTrouble(
    servers,
    ({ externalId, name }) =>
      externalIdTrouble(externalId) ??
      textTrouble(name, { argument: 'name', min: 1, max: MAX_LENGTH }),
  );
}

export function externalIdTrouble(externalId: string): Trouble {
  return textTrouble(externalId, { argument: 'external_id', min: 1, max: MAX_LENGTH });
}

/**
 * What the rental of a server's label has to say about it. While it is being made any server may become
 * its machine, and while it is being deleted the delete takes care of it; when it runs, its one server
 * is known. A server in an account that is not the rental's belongs to the same cloud account under
 * another number: its own agent decides.
 */
export function claimOf(
  rental: Rental,
  seen: { readonly cloudAccountId: CloudAccountId; readonly externalId: string },
): Claim {
  const { state, server } = rental;
  switch (state.kind) {
    case 'quoted':
    case 'awaiting-payment':
      return 'open';
    case 'provisioning':
      return 'owned';
    case 'active': {
      const isElsewhere = rental.cloudAccountId !== seen.cloudAccountId;
      const isItsOwn = server?.externalId === undefined || server.externalId === seen.externalId;
      return isElsewhere || isItsOwn ? 'owned' : 'none';
    }
    case 'ending':
      return state.machineGoneAt === undefined ? 'owned' : 'none';
    case 'closed':
      return 'none';
  }
}

/** What is to be done with a server that no rental has. */
export function verdictOf(claim: 'open' | 'none', stray: Stray, at: TimestampNs): Verdict {
  if (claim === 'open') return 'wait';
  return elapsed(stray.firstSeenAt, at) >= GRACE_NS ? 'delete' : 'wait';
}

/** True if a sighting now is one of the same stray; otherwise it is a new one. */
export function isSameStray({ lastSeenAt, deletedAt }: Stray, at: TimestampNs): boolean {
  if (deletedAt !== undefined) return elapsed(deletedAt, at) < STILL_LISTED_NS;
  return elapsed(lastSeenAt, at) < FORGOTTEN_AFTER_NS;
}

/** When it may be forgotten, as things are. */
export function forgottenAt({
  lastSeenAt,
  deletedAt,
}: Pick<Stray, 'lastSeenAt' | 'deletedAt'>): TimestampNs {
  return deletedAt === undefined
    ? after(lastSeenAt, FORGOTTEN_AFTER_NS)
    : after(deletedAt, SHOWN_FOR_NS);
}
