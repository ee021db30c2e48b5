import { present } from '@decent-cloud/domain/assert.ts';
import { andThen, ok, type Result } from '@decent-cloud/domain/result.ts';
import type { LinkedPage } from '@decent-cloud/kit/store/linked-list.ts';
import { requireUser } from '@decent-cloud/kit/runtime/callers.ts';
import type { CloudAccountId, StrayId } from '../../core/ids.ts';
import type { Stray } from '../../core/strays/stray.ts';
import { works } from '../accounts/worked-account.ts';
import { checkLimit, refuseGone, type IdPageRequest } from '../page-of-ids.ts';
import type { RentalCanister } from '../rental-canister.ts';
import { refuse, type RentalError } from '../rental-errors.ts';

export interface StrayPage {
  readonly rows: readonly Stray[];
  readonly next: StrayId | undefined;
}

export interface StraysRequest {
  readonly cloudAccountId: CloudAccountId;
  readonly page: IdPageRequest<StrayId>;
}

/**
 * Strays of a cloud account, for its seller, its agent and the operator: those that are there, then
 * those that were deleted, the newest first of each.
 */
export function listStrays(
  c: RentalCanister,
  { cloudAccountId, page }: StraysRequest,
): Result<StrayPage, RentalError> {
  return andThen(mayRead(c, cloudAccountId), () =>
    andThen(checkLimit(page.limit), () => pageOfStrays(c, cloudAccountId, page)),
  );
}

function mayRead(c: RentalCanister, id: CloudAccountId): Result<null, RentalError> {
  const user = requireUser(c.runtime);
  if (user.kind === 'err') return user;
  const caller = user.value;
  const { accountOf, cloudAccounts } = c.storage.accounts;
  const account = cloudAccounts.get(id);
  if (account !== undefined) {
    const isOwner = accountOf(caller)?.id === account.provider;
    const isEntitled = isOwner || works(c, { agent: caller, account, scopes: ['provision'] });
    if (isEntitled || c.runtime.isController(caller)) return ok(null);
  }
  const message =
    `You neither have nor work a cloud account ${id}. ` +
    'Choose one of list_my_cloud_accounts or list_agent_accounts.';
  return refuse({ kind: 'not-found' }, message);
}

/** Two lists, one behind the other. */
function pageOfStrays(
  c: RentalCanister,
  of: CloudAccountId,
  { from, limit }: IdPageRequest<StrayId>,
): Result<StrayPage, RentalError> {
  const { links } = c.storage.strays;
  const [there, deleted] = [{ kind: 'there', of } as const, { kind: 'deleted', of } as const];
  const isBehind = from !== undefined && links.has(deleted, from);
  const first = isBehind ? NO_IDS : links.page(there, { from, limit });
  if (first === undefined) return refuseGone();
  if (first.next !== undefined) return ok(pageOf(c, first));
  const left = limit - first.ids.length;
  const second = links.page(deleted, { from: isBehind ? from : undefined, limit: left });
  if (second === undefined) return refuseGone();
  return ok(pageOf(c, { ids: [...first.ids, ...second.ids], next: second.next }));
}

const NO_IDS: LinkedPage<StrayId> = { ids: [], next: undefined };

function pageOf({ storage }: RentalCanister, { ids, next }: LinkedPage<StrayId>): StrayPage {
  const { strays } = storage.strays;
  return {
    rows: ids.map((id) => present(strays.get(id), 'a list names a stray that is gone')),
    next,
  };
}
