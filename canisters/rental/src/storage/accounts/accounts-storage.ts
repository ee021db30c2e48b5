import type { Principal } from '@dfinity/principal';
import type { AccountId } from '@decent-cloud/domain/ids.ts';
import { idKey } from '@decent-cloud/kit/keys/integer-keys.ts';
import { composite } from '@decent-cloud/kit/keys/key-codec.ts';
import { principal } from '@decent-cloud/kit/keys/principal-key.ts';
import { whole } from '@decent-cloud/kit/keys/whole-key.ts';
import { IdAllocator } from '@decent-cloud/kit/store/id-allocator.ts';
import { LinkedList } from '@decent-cloud/kit/store/linked-list.ts';
import { openTable } from '@decent-cloud/kit/store/open-table.ts';
import { list, plainAs, principal as principalField } from '@decent-cloud/kit/values/field.ts';
import type { Account } from '../../core/accounts/account.ts';
import type { AgentGrant, CloudAccount, Provider } from '../../core/accounts/provider.ts';
import type { CloudAccountId } from '../../core/ids.ts';
import type { Settings } from '../../core/settings.ts';
import type { OpenNamed } from '../memory-ids.ts';
import {
  accountFields,
  agentGrantFields,
  cloudAccountFields,
  knownAgentFields,
  loginOfferFields,
  providerFields,
  settingsFields,
} from './account-fields.ts';
import { accountLinksKey, type AccountLinks } from './account-links.ts';

/** What is stored about accounts. */
export type AccountStorage = ReturnType<typeof openAccountStorage>;

/** Of the counters that all areas share. */
const ACCOUNT_COUNTER = 0;
const CLOUD_ACCOUNT_COUNTER = 1;
/** Who calls is looked up in every message. */
const CACHED = 512;

interface AccountRef {
  readonly account: AccountId;
}

interface GrantedAgents {
  readonly agents: readonly Principal[];
}

export function openAccountStorage(store: OpenNamed) {
  return { ...openPeople(store), ...openSellers(store), ...openAgents(store) };
}

function openPeople(store: OpenNamed) {
  const key = idKey<AccountId>();
  const accounts = openTable<AccountId, Account>({
    store: store('accounts'),
    key,
    fields: accountFields,
    cachedValues: CACHED,
  });
  const logins = openTable<Principal, AccountRef>({
    store: store('login_accounts'),
    key: principal,
    fields: { account: plainAs<AccountId>() },
    cachedValues: CACHED,
  });
  return {
    accountIds: new IdAllocator<AccountId>({
      store: store('counters'),
      counter: ACCOUNT_COUNTER,
    }),
    accounts,
    /** Which account a principal signs in to; at most one. */
    logins,
    /** The account that a principal signs in to. */
    accountOf: (login: Principal): Account | undefined => {
      const ref = logins.get(login);
      return ref === undefined ? undefined : accounts.get(ref.account);
    },
    /** The login that an account offers to somebody; one at a time. */
    loginOffers: openTable({ store: store('login_offers'), key, fields: loginOfferFields }),
  };
}

function openSellers(store: OpenNamed) {
  return {
    providers: openTable<AccountId, Provider>({
      store: store('providers'),
      key: idKey<AccountId>(),
      fields: providerFields,
      cachedValues: CACHED,
    }),
    cloudAccountIds: new IdAllocator<CloudAccountId>({
      store: store('counters'),
      counter: CLOUD_ACCOUNT_COUNTER,
    }),
    cloudAccounts: openTable<CloudAccountId, CloudAccount>({
      store: store('cloud_accounts'),
      key: idKey<CloudAccountId>(),
      fields: cloudAccountFields,
      cachedValues: CACHED,
    }),
    cloudAccountLinks: new LinkedList<AccountLinks, CloudAccountId>({
      store: store('account_links'),
      parent: accountLinksKey,
    }),
  };
}

function openAgents(store: OpenNamed) {
  return {
    /** By provider and agent; one that is revoked is gone. */
    grants: openTable<readonly [AccountId, Principal], AgentGrant>({
      store: store('agent_grants'),
      key: composite(idKey<AccountId>(), principal),
      fields: agentGrantFields,
      cachedValues: CACHED,
    }),
    /** Whom a provider granted something, in the order of granting. */
    grantedAgents: openTable<AccountId, GrantedAgents>({
      store: store('provider_agents'),
      key: idKey<AccountId>(),
      fields: { agents: list(principalField) },
    }),
    /** Agents with at least one grant, and agents of the platform. */
    agents: openTable({
      store: store('agent_statuses'),
      key: principal,
      fields: knownAgentFields,
      cachedValues: CACHED,
    }),
    settings: openTable<null, Settings>({
      store: store('settings'),
      key: whole,
      fields: settingsFields,
      cachedValues: 1,
    }),
  };
}
