import { ok, type Result } from '@decent-cloud/domain/result.ts';
import { isSame } from '../../core/accounts/provider-rules.ts';
import { checkVisible } from '../../core/accounts/visible-text.ts';
import type { CloudAccountId } from '../../core/ids.ts';
import { invalidArgument } from '@decent-cloud/kit/errors/common-errors.ts';
import { noteInvalidAccount, setValidity } from '../jobs/account-validity.ts';
import type { RentalCanister } from '../rental-canister.ts';
import { refuse, type RentalError } from '../rental-errors.ts';
import { actingAgent, agentMay } from './callers.ts';

const MAX_REASON_LENGTH = 200;

export interface ValidityReport {
  readonly cloudAccountId: CloudAccountId;
  /** Why the cloud refuses the credentials; undefined if it takes them. */
  readonly problem: string | undefined;
}

/**
 * The account's own agent says whether the cloud takes the credentials, outside of any job. The seller
 * is told when they stop working.
 */
export function reportValidity(
  c: RentalCanister,
  report: ValidityReport,
): Result<null, RentalError> {
  const agent = actingAgent(c);
  if (agent.kind === 'err') return agent;
  const account = c.storage.accounts.cloudAccounts.get(report.cloudAccountId);
  const isOwn = account !== undefined && isSame(account.agent, agent.value);
  const isGranted =
    isOwn && agentMay(c, { agent: agent.value, provider: account.provider, scope: 'provision' });
  if (!isGranted) {
    const message =
      `Cloud account ${report.cloudAccountId} is not, or no longer, worked by this agent. ` +
      'Nothing was changed. Stop working on it.';
    return refuse({ kind: 'not-allowed' }, message);
  }
  if (report.problem === undefined) {
    setValidity(c, account, { kind: 'valid', checkedAt: c.runtime.time() });
    return ok(null);
  }
  const rule = { argument: 'problem', min: 1, max: MAX_REASON_LENGTH };
  const reason = checkVisible(report.problem, rule);
  if (reason.kind === 'err') return invalidArgument(reason.error);
  noteInvalidAccount(c, account, reason.value);
  return ok(null);
}
