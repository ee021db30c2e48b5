import type { Principal } from '@dfinity/principal';
import { encodeText } from '@decent-cloud/kit/text-host.ts';
import { after, durationNs } from '@decent-cloud/domain/time.ts';
import type { Account } from '../core/accounts/account.ts';
import { expandPrefix, polymod } from '../core/accounts/bech32.ts';
import type { AgentScope, CloudAccount, Provider } from '../core/accounts/provider.ts';
import type { Settings } from '../core/settings.ts';
import { personCalled, type FakeCanister } from './fake-canister.fake.ts';

const CHARSET = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l';
const ALL_SCOPES: readonly AgentScope[] = ['provision', 'health', 'catalogue', 'notify'];

/** The account that `personCalled(name)` signs in to; made when there is none. */
export function givenAccount(c: FakeCanister, name: string): Account {
  const principal = personCalled(name);
  const { accounts, accountOf, accountIds, logins } = c.storage.accounts;
  const known = accountOf(principal);
  if (known !== undefined) return known;
  const account: Account = {
    id: accountIds.next(),
    displayName: name,
    ageRecipient: ageRecipientOf(name),
    sealedAgeIdentity: undefined,
    logins: [{ principal, kind: 'passkey', label: name, addedAt: c.runtime.now }],
    sshKeys: [],
    preferences: { email: `${name}@example.com`, muted: [] },
    createdAt: c.runtime.now,
    updatedAt: c.runtime.now,
  };
  accounts.set(account.id, account);
  logins.set(principal, { account: account.id });
  return account;
}

/** `personCalled(name)` as a seller. */
export function givenProvider(c: FakeCanister, name: string): Provider {
  const { id } = givenAccount(c, name);
  const { providers } = c.storage.accounts;
  const known = providers.get(id);
  if (known !== undefined) return known;
  const provider: Provider = {
    id,
    principal: personCalled(name),
    name: `${name} hosting`,
    description: '',
    website: `https://${name}.example.com`,
    supportContact: `${name}@example.com`,
    createdAt: c.runtime.now,
    updatedAt: c.runtime.now,
  };
  providers.set(id, provider);
  return provider;
}

/** The provider's grant for an agent: all scopes for a year unless said otherwise. */
export function givenAgent(
  c: FakeCanister,
  provider: Provider,
  grant: {
    readonly agent: Principal;
    readonly scopes?: readonly AgentScope[];
    readonly expiresInDays?: number;
  },
): void {
  const { agent, scopes = ALL_SCOPES, expiresInDays = 365 } = grant;
  const { grants, grantedAgents, agents } = c.storage.accounts;
  const now = c.runtime.now;
  const isNew = !grants.has([provider.id, agent]);
  grants.set([provider.id, agent], {
    provider: provider.id,
    agent,
    label: 'bridge',
    scopes,
    expiresAt: after(now, durationNs({ days: expiresInDays })),
    grantedAt: now,
  });
  if (!isNew) return;
  const granted = grantedAgents.get(provider.id)?.agents ?? [];
  grantedAgents.set(provider.id, { agents: [...granted, agent] });
  agents.set(agent, {
    grants: (agents.get(agent)?.grants ?? 0) + 1,
    ageRecipient: ageRecipientOf(agent.toText()),
    version: '1.0.0',
    lastHeartbeatAt: now,
  });
}

/**
 * A valid account of the provider at Hetzner, worked by `agent`, who gets a grant with all scopes.
 * Without one it is `personCalled('bridge')`.
 */
export function givenCloudAccount(
  c: FakeCanister,
  provider: Provider,
  given: Partial<Pick<CloudAccount, 'agent' | 'backend' | 'label' | 'maxConcurrentJobs'>> = {},
): CloudAccount {
  const { agent = personCalled('bridge'), backend = 'hetzner' } = given;
  const { label = `${backend} of ${provider.name}`, maxConcurrentJobs = 5 } = given;
  const { cloudAccountIds, cloudAccounts, cloudAccountLinks } = c.storage.accounts;
  if (!c.storage.accounts.grants.has([provider.id, agent])) givenAgent(c, provider, { agent });
  const account: CloudAccount = {
    id: cloudAccountIds.next(),
    provider: provider.id,
    backend,
    label,
    agent,
    sealedCredentials: ageSealed('cloud token'),
    validity: { kind: 'valid', checkedAt: c.runtime.now },
    maxConcurrentJobs,
    createdAt: c.runtime.now,
    updatedAt: c.runtime.now,
  };
  cloudAccounts.set(account.id, account);
  cloudAccountLinks.add({ kind: 'of-provider', of: provider.id }, account.id);
  cloudAccountLinks.add({ kind: 'of-agent', of: agent }, account.id);
  return account;
}

/** What controllers set: treasury and archive are `personCalled` so, the platform has one agent. */
export function givenSettings(c: FakeCanister, change: Partial<Settings> = {}): Settings {
  const settings: Settings = {
    treasury: personCalled('treasury'),
    archive: personCalled('archive'),
    installation: 'test',
    platformAgents: [personCalled('platform-agent')],
    retentionNs: durationNs({ days: 30 }),
    ...change,
  };
  c.storage.accounts.settings.set(null, settings);
  return settings;
}

/** Runs as `personCalled(name)`, and puts the caller back. */
export function asPerson<T>(c: FakeCanister, name: string, run: () => T): T {
  const before = c.runtime.callerNow;
  c.runtime.callerNow = personCalled(name);
  try {
    return run();
  } finally {
    c.runtime.callerNow = before;
  }
}

/** Some age recipient, well formed, the same for the same name. */
export function ageRecipientOf(name: string): string {
  const seed = encodeText(name);
  const words = Array.from({ length: 51 }, (_, index) => {
    const byte = seed[index % Math.max(seed.length, 1)] ?? 0;
    return (byte * 7 + index) & 31;
  });
  return bech32Of('age', [...words, 0]);
}

/** Words of 5 bits with their checksum. */
export function bech32Of(prefix: string, words: readonly number[]): string {
  const sum = polymod([...expandPrefix(prefix), ...words, 0, 0, 0, 0, 0, 0]) ^ 1;
  const check = [25, 20, 15, 10, 5, 0].map((shift) => (sum >>> shift) & 31);
  return `${prefix}1${[...words, ...check].map((word) => CHARSET.charAt(word)).join('')}`;
}

/** Bytes that begin as a file that age encrypted. */
export function ageSealed(secret: string): Uint8Array {
  return encodeText(`age-encryption.org/v1\n-> X25519 ${secret.length}\n---\n`);
}
