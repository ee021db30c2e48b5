import { andThen, ok, type Result } from '@decent-cloud/domain/result.ts';
import { durationNs, elapsed, type TimestampNs } from '@decent-cloud/domain/time.ts';
import { invalidArgument } from '@decent-cloud/kit/errors/common-errors.ts';
import type { CloudAccount } from '../../core/accounts/provider.ts';
import type { CloudAccountId } from '../../core/ids.ts';
import { catalogueTrouble, type CatalogueInput } from '../../core/market/check-catalogue.ts';
import { STALE_AFTER } from '../../core/market/orderable.ts';
import { actingAgent, agentMay } from '../accounts/callers.ts';
import type { RentalCanister } from '../rental-canister.ts';
import { refuse, type RentalError } from '../rental-errors.ts';

export interface CatalogueReceipt {
  /** What the canister keeps: never in the future. */
  readonly readAt: TimestampNs;
  /** From then on nothing of it can be rented. */
  readonly staleAt: TimestampNs;
  /** Types, images and locations that differ from what was there. */
  readonly changes: number;
}

/** Clocks of bridges may be ahead by this much; their readings count as of now. */
const MAX_AHEAD = durationNs({ minutes: 5 });

/**
 * Replaces what a cloud account can order. Only the account's own agent, with the scope
 * `catalogue`; a reading that is older than the one that stands is refused, the same one again
 * changes nothing.
 */
export function publishCatalogue(
  c: RentalCanister,
  input: CatalogueInput,
): Result<CatalogueReceipt, RentalError> {
  return andThen(publishedAccount(c, input.cloudAccountId), (account) => {
    const trouble = catalogueTrouble(input);
    if (trouble !== undefined) return invalidArgument(trouble);
    const now = c.runtime.time();
    if (elapsed(now, input.readAt) > MAX_AHEAD) {
      const rule = 'is more than 5 minutes in the future: set the clock of this machine';
      return invalidArgument({ argument: 'read_at_ns', rule });
    }
    const readAt = input.readAt > now ? now : input.readAt;
    const stored = c.storage.market.catalogues.state(account.id);
    if (stored !== undefined && readAt < stored.readAt) return refuseOlder();
    const changes = c.storage.market.catalogues.publish({ ...input, readAt });
    return ok({ readAt, staleAt: (readAt + STALE_AFTER) as TimestampNs, changes });
  });
}

function publishedAccount(
  c: RentalCanister,
  id: CloudAccountId,
): Result<CloudAccount, RentalError> {
  return andThen(actingAgent(c), (agent) => {
    const account = c.storage.accounts.cloudAccounts.get(id);
    const isOwn = account?.agent.compareTo(agent) === 'eq';
    if (account === undefined || !isOwn) return refuseStranger(id);
    const { provider } = account;
    return agentMay(c, { agent, provider, scope: 'catalogue' }) ? ok(account) : refuseScope();
  });
}

function refuseStranger(id: CloudAccountId) {
  const message =
    `Cloud account ${id} is not worked by this agent, or does not exist. Nothing was changed. ` +
    'The seller decides which agent works an account: see replace_cloud_credentials.';
  return refuse({ kind: 'not-allowed' }, message);
}

function refuseScope() {
  const message =
    'This agent may not publish catalogues: its grant lacks the scope, was revoked or is over. ' +
    'Nothing was changed. Ask the seller to call grant_agent with the scope Catalogue.';
  return refuse({ kind: 'not-allowed' }, message);
}

function refuseOlder() {
  const message =
    'A newer reading of this catalogue is published already, so this one was dropped. ' +
    'Read the cloud again and publish that.';
  return refuse({ kind: 'conflict' }, message);
}
