import { andThen, ok, type Result } from '@decent-cloud/domain/result.ts';
import { after } from '@decent-cloud/domain/time.ts';
import { found } from '@decent-cloud/kit/errors/common-errors.ts';
import type { CloudAccount } from '../../core/accounts/provider.ts';
import type { CloudAccountId, JobId } from '../../core/ids.ts';
import { TIME_FOR } from '../../core/jobs/job-kinds.ts';
import { actingProvider } from '../accounts/callers.ts';
import type { RentalCanister } from '../rental-canister.ts';
import { refuse, type RentalError } from '../rental-errors.ts';
import { startJob } from './job-queue.ts';

/** At most one live job of each kind is ever in this list. */
const KINDS = 2;

type AccountTask = 'validate-account' | 'refresh-catalogue';

/** Has the account's agent try the credentials. One that is asked for already is not asked for twice. */
export function validateCloudAccount(
  c: RentalCanister,
  id: CloudAccountId,
): Result<JobId, RentalError> {
  return andThen(ownAccount(c, id), (account) => ok(askFor(c, account, 'validate-account')));
}

/** Has the account's agent read what the cloud sells. One that is asked for already stands. */
export function refreshCatalogue(
  c: RentalCanister,
  id: CloudAccountId,
): Result<JobId, RentalError> {
  return andThen(ownAccount(c, id), (account) => ok(askFor(c, account, 'refresh-catalogue')));
}

function askFor(c: RentalCanister, account: CloudAccount, kind: AccountTask): JobId {
  const { links, jobs } = c.storage.jobs;
  const list = { kind: 'live-of-account', of: account.id } as const;
  const live = links.page(list, { from: undefined, limit: KINDS })?.ids ?? [];
  const asked = live.find((id) => jobs.get(id)?.task.kind === kind);
  if (asked !== undefined) return asked;
  return startJob(c, {
    task: { kind },
    provider: account.provider,
    cloudAccountId: account.id,
    deadlineAt: after(c.runtime.time(), TIME_FOR[kind]),
  });
}

function ownAccount(c: RentalCanister, id: CloudAccountId): Result<CloudAccount, RentalError> {
  return andThen(actingProvider(c), ({ provider }): Result<CloudAccount, RentalError> => {
    const known = found(c.storage.accounts.cloudAccounts.get(id), 'cloud account');
    if (known.kind === 'err' || known.value.provider === provider.id) return known;
    return refuse(
      { kind: 'not-allowed' },
      'The cloud account is of another seller. Nothing was done: sign in as that one.',
    );
  });
}
