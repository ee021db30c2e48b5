import type { RentalId } from '@decent-cloud/domain/ids.ts';
import { mapOk, ok, type Result } from '@decent-cloud/domain/result.ts';
import { NOTHING_SEEN, takeLost } from '../../core/health/machine-status.ts';
import { actingAgent, agentMay } from '../accounts/callers.ts';
import type { RentalCanister } from '../rental-canister.ts';
import { refuse, type RentalError } from '../rental-errors.ts';
import { applyRentalEvent } from '../rentals/apply-event.ts';

const REASON =
  'The cloud said twice, at least ten minutes apart, that the machine does not exist any more.';

/**
 * The cloud says that a machine which should be there is not. The account's own agent says so twice, at
 * least ten minutes and at most two hours apart; then the rental ends. Gives whether it did.
 */
export function reportMachineLost(
  c: RentalCanister,
  rentalId: RentalId,
): Result<boolean, RentalError> {
  const agent = actingAgent(c);
  if (agent.kind === 'err') return agent;
  const rental = c.storage.rentals.rentals.get(rentalId);
  if (rental?.state.kind !== 'active') {
    return refuse(
      { kind: 'not-found' },
      'There is no such rental that runs. Nothing was noted. Stop checking it.',
    );
  }
  const account = c.storage.accounts.cloudAccounts.get(rental.cloudAccountId);
  const isAccountsAgent = account?.agent.compareTo(agent.value) === 'eq';
  const { provider } = rental;
  if (!isAccountsAgent || !agentMay(c, { agent: agent.value, provider, scope: 'provision' })) {
    const text =
      "Only the agent of the rental's cloud account can say that its machine is lost. " +
      'Nothing was noted. Leave it to that agent.';
    return refuse({ kind: 'not-allowed' }, text);
  }
  const { statuses } = c.storage.health;
  const { status, isLost } = takeLost(statuses.get(rentalId) ?? NOTHING_SEEN, c.runtime.time());
  statuses.set(rentalId, status);
  if (!isLost) return ok(false);
  return mapOk(applyRentalEvent(c, rentalId, { kind: 'machine-lost', reason: REASON }), () => true);
}
