import type { AccountId } from '@decent-cloud/domain/ids.ts';
import { ok, type Result } from '@decent-cloud/domain/result.ts';
import { invalidArgument } from '@decent-cloud/kit/errors/common-errors.ts';
import type { Backend, CloudAccount } from '../../core/accounts/provider.ts';
import { checkAccountSettings, checkCredentials } from '../../core/accounts/provider-rules.ts';
import { isSame } from '../../core/accounts/provider-rules.ts';
import type {
  CloudAccountSettings,
  SealedCredentials,
} from '../../core/accounts/provider-rules.ts';
import type { CloudAccountId } from '../../core/ids.ts';
import type { RentalCanister } from '../rental-canister.ts';
import { refuse, type RentalError } from '../rental-errors.ts';
import { actingProvider, agentMay } from './callers.ts';

/** Of one provider. */
const MAX_CLOUD_ACCOUNTS = 50;

export interface NewCloudAccount extends CloudAccountSettings, SealedCredentials {
  readonly backend: Backend;
}

/** A cloud account of the caller, worked by one of the caller's agents. Not checked at the cloud yet. */
export function createCloudAccount(
  c: RentalCanister,
  input: NewCloudAccount,
): Result<CloudAccount, RentalError> {
  const acting = actingProvider(c);
  if (acting.kind === 'err') return acting;
  const provider = acting.value.provider.id;
  const settings = checkAccountSettings(input);
  if (settings.kind === 'err') return invalidArgument(settings.error);
  const sealed = checkSealed(c, provider, input);
  if (sealed.kind === 'err') return sealed;
  const { cloudAccountLinks, cloudAccountIds, cloudAccounts } = c.storage.accounts;
  if (cloudAccountLinks.count({ kind: 'of-provider', of: provider }) >= MAX_CLOUD_ACCOUNTS) {
    const message =
      `A seller has at most ${MAX_CLOUD_ACCOUNTS} cloud accounts. Nothing was stored: ` +
      'delete one that you do not need.';
    return refuse({ kind: 'quota-exceeded', limit: MAX_CLOUD_ACCOUNTS }, message);
  }
  const at = c.runtime.time();
  const account: CloudAccount = {
    ...settings.value,
    ...sealed.value,
    id: cloudAccountIds.next(),
    provider,
    backend: input.backend,
    validity: { kind: 'unchecked' },
    createdAt: at,
    updatedAt: at,
  };
  cloudAccounts.set(account.id, account);
  cloudAccountLinks.add({ kind: 'of-provider', of: provider }, account.id);
  cloudAccountLinks.add({ kind: 'of-agent', of: account.agent }, account.id);
  return ok(account);
}

/** Changes the account's name and how many jobs it takes at once. */
export function updateCloudAccount(
  c: RentalCanister,
  input: CloudAccountSettings & { readonly id: CloudAccountId },
): Result<CloudAccount, RentalError> {
  const own = ownCloudAccount(c, input.id);
  if (own.kind === 'err') return own;
  const settings = checkAccountSettings(input);
  if (settings.kind === 'err') return invalidArgument(settings.error);
  const changed = { ...own.value, ...settings.value, updatedAt: c.runtime.time() };
  c.storage.accounts.cloudAccounts.set(changed.id, changed);
  return ok(changed);
}

/**
 * Takes new credentials, for the same agent or another one: jobs that nobody works on go to the new
 * one. The account is unchecked again.
 */
export function replaceCredentials(
  c: RentalCanister,
  input: SealedCredentials & { readonly id: CloudAccountId },
): Result<CloudAccount, RentalError> {
  const own = ownCloudAccount(c, input.id);
  if (own.kind === 'err') return own;
  const sealed = checkSealed(c, own.value.provider, input);
  if (sealed.kind === 'err') return sealed;
  const { cloudAccounts, cloudAccountLinks } = c.storage.accounts;
  const changed: CloudAccount = {
    ...own.value,
    ...sealed.value,
    validity: { kind: 'unchecked' },
    updatedAt: c.runtime.time(),
  };
  cloudAccounts.set(changed.id, changed);
  if (!isSame(own.value.agent, changed.agent)) {
    cloudAccountLinks.remove({ kind: 'of-agent', of: own.value.agent }, changed.id);
    cloudAccountLinks.add({ kind: 'of-agent', of: changed.agent }, changed.id);
  }
  return ok(changed);
}

/** Forgets an account and its catalogue; refused while an offer or a rental needs it. */
export function deleteCloudAccount(
  c: RentalCanister,
  id: CloudAccountId,
): Result<null, RentalError> {
  const own = ownCloudAccount(c, id);
  if (own.kind === 'err') return own;
  const { accounts, market, rentals } = c.storage;
  const machines = rentals.links.count({ kind: 'of-cloud-account', of: id });
  if (machines > 0) {
    const message =
      `${machines} paid rentals have or may have a machine in this account. Nothing was deleted: ` +
      'wait until they are closed, or cancel them, which refunds their renters.';
    return refuse({ kind: 'wrong-state', state: 'has-rentals' }, message);
  }
  const offers = market.offeringLinks.count({ kind: 'of-account', of: id });
  if (offers > 0) {
    const message = `${offers} offers use this account. Nothing was deleted: retire them first.`;
    return refuse({ kind: 'wrong-state', state: 'has-offers' }, message);
  }
  const { provider, agent } = own.value;
  accounts.cloudAccountLinks.remove({ kind: 'of-provider', of: provider }, id);
  accounts.cloudAccountLinks.remove({ kind: 'of-agent', of: agent }, id);
  accounts.cloudAccounts.remove(id);
  forgetCatalogue(c, id);
  return ok(null);
}

/** The rows of types, images and locations; without this, deleting would evade the quota. */
function forgetCatalogue(c: RentalCanister, id: CloudAccountId): void {
  const { catalogues } = c.storage.market;
  const state = catalogues.state(id);
  if (state === undefined) return;
  catalogues.publish({ ...state, cloudAccountId: id, types: [], images: [], locations: [] });
}

/** A cloud account of the caller, for changing it. */
function ownCloudAccount(c: RentalCanister, id: CloudAccountId): Result<CloudAccount, RentalError> {
  const acting = actingProvider(c);
  if (acting.kind === 'err') return acting;
  const account = c.storage.accounts.cloudAccounts.get(id);
  if (account?.provider === acting.value.provider.id) return ok(account);
  const message =
    `You have no cloud account ${id}. Nothing was changed: ` +
    'choose one of list_my_cloud_accounts.';
  return refuse({ kind: 'not-found' }, message);
}

/** Only an agent that may work for the provider now can be given credentials. */
function checkSealed(
  c: RentalCanister,
  provider: AccountId,
  { agent, sealedCredentials }: SealedCredentials,
): Result<SealedCredentials, RentalError> {
  const checked = checkCredentials(sealedCredentials);
  if (checked.kind === 'err') return invalidArgument(checked.error);
  if (agentMay(c, { agent, provider, scope: 'provision' })) return ok({ agent, sealedCredentials });
  const rule =
    'must be an agent that you granted provisioning to; nothing was stored: call grant_agent first';
  return invalidArgument({ argument: 'agent', rule });
}
