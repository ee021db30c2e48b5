import { andThen, ok, type Result } from '@decent-cloud/domain/result.ts';
import { invalidArgument } from '@decent-cloud/kit/errors/common-errors.ts';
import type { CloudAccount } from '../../core/accounts/provider.ts';
import type { CloudAccountId } from '../../core/ids.ts';
import {
  claimOf,
  externalIdTrouble,
  serversTrouble,
  verdictOf,
  type Claim,
  type Verdict,
} from '../../core/strays/stray-rules.ts';
import type { SeenServer } from '../../core/strays/stray.ts';
import { actingAgent } from '../accounts/callers.ts';
import { workedAccount } from '../accounts/worked-account.ts';
import type { RentalCanister } from '../rental-canister.ts';
import { refuse, type RentalError } from '../rental-errors.ts';
import { forgetStray, noteDeleted, noteSeen, strayOf, type ServerAddress } from './note-stray.ts';

export interface StraysReport {
  readonly cloudAccountId: CloudAccountId;
  readonly strays: readonly SeenServer[];
}

export interface StrayVerdict {
  readonly externalId: string;
  readonly verdict: Verdict;
}

/**
 * Says what is to be done with servers that the account's agent found no rental for. The canister's own
 * books decide, and its own clock counts the grace, whichever process of the agent asks.
 */
export function reportStrays(
  c: RentalCanister,
  { cloudAccountId, strays }: StraysReport,
): Result<readonly StrayVerdict[], RentalError> {
  return andThen(actingAccountOf(c, cloudAccountId), ({ id }) => {
    const trouble = serversTrouble(strays);
    if (trouble !== undefined) return invalidArgument(trouble);
    return ok(
      strays.map((seen) => ({ externalId: seen.externalId, verdict: judged(c, id, seen) })),
    );
  });
}

/** Notes that the cloud confirmed the deletion of a stray. Told again, it changes nothing. */
export function reportStrayDeleted(
  c: RentalCanister,
  server: ServerAddress,
): Result<null, RentalError> {
  return andThen(
    actingAccountOf(c, server.cloudAccountId),
    (account): Result<null, RentalError> => {
      const trouble = externalIdTrouble(server.externalId);
      if (trouble !== undefined) return invalidArgument(trouble);
      const stray = strayOf(c, server);
      if (stray === undefined) {
        const message =
          `Server ${server.externalId} is not known as a stray of cloud account ${account.id}. ` +
          'Nothing was noted. Look whether a rental has lost it; delete only what report_strays says.';
        return refuse({ kind: 'not-found' }, message);
      }
      if (stray.deletedAt === undefined) noteDeleted(c, account, stray);
      return ok(null);
    },
  );
}

function actingAccountOf(c: RentalCanister, id: CloudAccountId): Result<CloudAccount, RentalError> {
  return andThen(actingAgent(c), (agent) => workedAccount(c, { agent, id, scopes: ['provision'] }));
}

function judged(c: RentalCanister, cloudAccountId: CloudAccountId, seen: SeenServer): Verdict {
  const server = { cloudAccountId, externalId: seen.externalId };
  const claim = claimOn(c, server, seen);
  if (claim === 'owned') {
    const stray = strayOf(c, server);
    if (stray !== undefined && stray.deletedAt === undefined) forgetStray(c, stray);
    return 'keep';
  }
  const stray = noteSeen(c, cloudAccountId, seen);
  return stray === undefined ? 'wait' : verdictOf(claim, stray, c.runtime.time());
}

/** Of a rental that was never made here nothing is known: it may be of books that were lost. */
function claimOn(c: RentalCanister, server: ServerAddress, { rentalId }: SeenServer): Claim {
  const { rentals, ids, ofServers } = c.storage.rentals;
  if (ofServers.has([server.cloudAccountId, server.externalId])) return 'owned';
  if (rentalId === undefined) return 'none';
  const rental = rentals.get(rentalId);
  if (rental !== undefined) return claimOf(rental, server);
  return rentalId < ids.count() ? 'none' : 'open';
}
