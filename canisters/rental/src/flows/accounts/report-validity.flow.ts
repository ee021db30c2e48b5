import { ok, type Result } from '@decent-cloud/domain/result.ts';
import { checkVisible } from '../../core/accounts/visible-text.ts';
import type { CloudAccountId } from '../../core/ids.ts';
import { invalidArgument } from '@decent-cloud/kit/errors/common-errors.ts';
import { noteInvalidAccount, setValidity } from '../jobs/account-validity.ts';
import type { RentalCanister } from '../rental-canister.ts';
import type { RentalError } from '../rental-errors.ts';
import { actingAgent } from './callers.ts';
import { workedAccount } from './worked-account.ts';

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
  const asked = { agent: agent.value, id: report.cloudAccountId, scopes: ['provision'] } as const;
  const worked = workedAccount(c, asked);
  if (worked.kind === 'err') return worked;
  const account = worked.value;
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
