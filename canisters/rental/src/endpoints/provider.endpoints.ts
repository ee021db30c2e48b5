import type { AccountId } from '@decent-cloud/domain/ids.ts';
import { mapOk } from '@decent-cloud/domain/result.ts';
import { query, update } from '@decent-cloud/kit/azle/azle.methods.ts';
import type { WireResult } from '@decent-cloud/kit/errors/error-idl.ts';
import { count, fromWire, nothing, type Wire } from '@decent-cloud/kit/wire/wire.ts';
import { canister } from '../composition.ts';
import { listOwnCloudAccounts, viewCloudAccount } from '../flows/accounts/account-views.ts';
import { viewOwnProvider, viewProvider } from '../flows/accounts/account-views.ts';
import {
  createCloudAccount,
  deleteCloudAccount,
} from '../flows/accounts/edit-cloud-account.flow.ts';
import {
  replaceCredentials,
  updateCloudAccount,
} from '../flows/accounts/edit-cloud-account.flow.ts';
import { registerProvider, updateProvider } from '../flows/accounts/register-provider.flow.ts';
import { resultOf } from './wire/error-wire.ts';
import { accountChange, accountPage, accountPageRequest } from './wire/provider-wire.ts';
import { cloudAccount, cloudAccountId, credentialsChange } from './wire/provider-wire.ts';
import { newCloudAccount, provider, providerInput, providerView } from './wire/provider-wire.ts';

const providerId: Wire<AccountId> = count;
const ProviderResult = resultOf(provider);
const CloudAccountResult = resultOf(cloudAccount);
const PageResult = resultOf(accountPage);
const NothingResult = resultOf(nothing);

/** Sellers and their cloud accounts. */
export class ProviderEndpoints {
  @update([providerInput.type], ProviderResult.type)
  register_provider(raw: unknown): WireResult<unknown> {
    const registered = registerProvider(canister, fromWire(providerInput, raw));
    return ProviderResult.to(mapOk(registered, providerView));
  }

  @update([providerInput.type], ProviderResult.type)
  update_provider(raw: unknown): WireResult<unknown> {
    const updated = updateProvider(canister, fromWire(providerInput, raw));
    return ProviderResult.to(mapOk(updated, providerView));
  }

  /** For everybody. */
  @query([providerId.type], ProviderResult.type)
  get_provider(raw: unknown): WireResult<unknown> {
    return ProviderResult.to(
      mapOk(viewProvider(canister, fromWire(providerId, raw)), providerView),
    );
  }

  @query([], ProviderResult.type)
  get_my_provider(): WireResult<unknown> {
    return ProviderResult.to(mapOk(viewOwnProvider(canister), providerView));
  }

  @update([newCloudAccount.type], CloudAccountResult.type)
  create_cloud_account(raw: unknown): WireResult<unknown> {
    return CloudAccountResult.to(createCloudAccount(canister, fromWire(newCloudAccount, raw)));
  }

  @update([accountChange.type], CloudAccountResult.type)
  update_cloud_account(raw: unknown): WireResult<unknown> {
    return CloudAccountResult.to(updateCloudAccount(canister, fromWire(accountChange, raw)));
  }

  @update([credentialsChange.type], CloudAccountResult.type)
  replace_cloud_credentials(raw: unknown): WireResult<unknown> {
    return CloudAccountResult.to(replaceCredentials(canister, fromWire(credentialsChange, raw)));
  }

  @update([cloudAccountId.type], NothingResult.type)
  delete_cloud_account(raw: unknown): WireResult<unknown> {
    return NothingResult.to(deleteCloudAccount(canister, fromWire(cloudAccountId, raw)));
  }

  /** For its owner and its agent. */
  @query([cloudAccountId.type], CloudAccountResult.type)
  get_cloud_account(raw: unknown): WireResult<unknown> {
    return CloudAccountResult.to(viewCloudAccount(canister, fromWire(cloudAccountId, raw)));
  }

  @query([accountPageRequest.type], PageResult.type)
  list_my_cloud_accounts(raw: unknown): WireResult<unknown> {
    return PageResult.to(listOwnCloudAccounts(canister, fromWire(accountPageRequest, raw)));
  }
}
