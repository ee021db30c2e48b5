import type { RentalId } from '@decent-cloud/domain/ids.ts';
import { describe, expect, it } from 'vitest';
import { ageSealed, asPerson, givenAgent } from '../../testing/accounts.fake.ts';
import { givenCloudAccount, givenProvider, givenSettings } from '../../testing/accounts.fake.ts';
import { fakeCanister, personCalled } from '../../testing/fake-canister.fake.ts';
import type { CloudAccountId, OfferingId } from '../../core/ids.ts';
import { listAgentAccounts, listOwnCloudAccounts, viewCloudAccount } from './account-views.ts';
import { viewCredentials } from './account-views.ts';
import { createCloudAccount, deleteCloudAccount } from './edit-cloud-account.flow.ts';
import { replaceCredentials, updateCloudAccount } from './edit-cloud-account.flow.ts';
import { reportValidity } from './report-validity.flow.ts';

const refused = (kind: string) => ({ kind: 'err', error: { leaf: { kind } } });
const wrong = (argument: string) => ({ kind: 'err', error: { leaf: { argument } } });
const agent = personCalled('bridge');
const page = { from: undefined, limit: 50 };
const sealedCredentials = ageSealed('token');
const input = { backend: 'hetzner', label: 'main', maxConcurrentJobs: 5, agent } as const;

/** The seller is the caller and has granted the agent everything. */
function asSeller() {
  const c = fakeCanister();
  const provider = givenProvider(c, 'seller');
  givenAgent(c, provider, { agent });
  c.runtime.callerNow = personCalled('seller');
  return { c, provider };
}

function withAccount() {
  const { c, provider } = asSeller();
  return { c, provider, account: givenCloudAccount(c, provider, { agent }) };
}

describe('createCloudAccount', () => {
  it('stores an account that nobody has checked', () => {
    const { c, provider } = asSeller();
    const made = createCloudAccount(c, { ...input, sealedCredentials });
    const validity = { kind: 'unchecked' };
    const account = { ...input, id: 0, provider: provider.id, validity, sealedCredentials };
    expect(made).toMatchObject({ kind: 'ok', value: account });
    const rows = { value: { rows: [account], next: undefined } };
    expect(listOwnCloudAccounts(c.upgraded(), page)).toMatchObject(rows);
    expect(asPerson(c, 'bridge', () => listAgentAccounts(c, page))).toMatchObject(rows);
  });

  it('is worked by an agent with a live grant for provisioning only', () => {
    const { c, provider } = asSeller();
    const create = (name: string) =>
      createCloudAccount(c, { ...input, sealedCredentials, agent: personCalled(name) });
    expect(create('stranger')).toMatchObject(wrong('agent'));
    givenAgent(c, provider, { agent: personCalled('probe'), scopes: ['health', 'catalogue'] });
    expect(create('probe')).toMatchObject(wrong('agent'));
    givenAgent(c, provider, { agent: personCalled('old'), expiresInDays: 0 });
    expect(create('old')).toMatchObject(wrong('agent'));
    expect(listOwnCloudAccounts(c, page)).toMatchObject({ value: { rows: [] } });
  });

  it('refuses credentials in the clear, wrong settings, and everybody but sellers', () => {
    const { c } = asSeller();
    const plain = createCloudAccount(c, { ...input, sealedCredentials: new Uint8Array([1]) });
    expect(plain).toMatchObject(wrong('sealed_credentials'));
    const idle = createCloudAccount(c, { ...input, sealedCredentials, maxConcurrentJobs: 0 });
    expect(idle).toMatchObject(wrong('max_concurrent_jobs'));
    const eve = asPerson(c, 'eve', () => createCloudAccount(c, { ...input, sealedCredentials }));
    expect(eve).toMatchObject(refused('not-allowed'));
  });

  it('stops at fifty accounts', () => {
    const { c, provider } = asSeller();
    for (let index = 0; index < 50; index += 1) givenCloudAccount(c, provider, { agent });
    const more = createCloudAccount(c, { ...input, sealedCredentials });
    expect(more).toMatchObject(refused('quota-exceeded'));
  });
});

describe('changing a cloud account', () => {
  it('sets its name and how many jobs it takes', () => {
    const { c, account } = withAccount();
    const change = { id: account.id, label: 'renamed', maxConcurrentJobs: 9 };
    const changed = { ...account, ...change };
    expect(updateCloudAccount(c, change)).toEqual({ kind: 'ok', value: changed });
    expect(viewCloudAccount(c.upgraded(), account.id)).toEqual({ kind: 'ok', value: changed });
  });

  it('moves it to another agent with new credentials, unchecked', () => {
    const { c, provider, account } = withAccount();
    const other = personCalled('other-bridge');
    const change = { id: account.id, agent: other, sealedCredentials: ageSealed('new token') };
    expect(replaceCredentials(c, change)).toMatchObject(wrong('agent'));
    givenAgent(c, provider, { agent: other });
    const moved = { ...account, ...change, validity: { kind: 'unchecked' } };
    expect(replaceCredentials(c, change)).toEqual({ kind: 'ok', value: moved });
    const rowsOf = (name: string) => asPerson(c, name, () => listAgentAccounts(c, page));
    expect(rowsOf('bridge')).toMatchObject({ value: { rows: [] } });
    expect(rowsOf('other-bridge')).toEqual({
      kind: 'ok',
      value: { rows: [moved], next: undefined },
    });
    const again = { ...change, sealedCredentials: ageSealed('newest') };
    expect(replaceCredentials(c, again).kind).toBe('ok');
    expect(rowsOf('other-bridge')).toMatchObject({ value: { rows: [{ id: account.id }] } });
  });

  it('is for its owner', () => {
    const { c, account } = withAccount();
    givenProvider(c, 'rival');
    const asRival = <T>(run: () => T) => asPerson(c, 'rival', run);
    const { id } = account;
    const change = { id, label: 'mine', maxConcurrentJobs: 1 };
    expect(asRival(() => updateCloudAccount(c, change))).toMatchObject(refused('not-found'));
    const sealed = { id, agent, sealedCredentials };
    expect(asRival(() => replaceCredentials(c, sealed))).toMatchObject(refused('not-found'));
    expect(asRival(() => deleteCloudAccount(c, id))).toMatchObject(refused('not-found'));
    expect(asRival(() => viewCloudAccount(c, id))).toMatchObject(refused('not-found'));
    expect(asPerson(c, 'bridge', () => viewCloudAccount(c, id))).toMatchObject({ value: { id } });
    expect(viewCloudAccount(c, 77 as CloudAccountId)).toMatchObject(refused('not-found'));
  });
});

describe('deleteCloudAccount', () => {
  it('forgets the account and its catalogue', () => {
    const { c, account } = withAccount();
    const { catalogues } = c.storage.market;
    catalogues.publish({
      cloudAccountId: account.id,
      readAt: c.runtime.now,
      currency: 'EUR',
      types: [{ name: 'cx23', arch: 'x86', cores: 2, memoryMb: 4_096, diskGb: 40, at: [] }],
      images: [{ name: 'ubuntu-24.04', archs: ['x86'], unavailableAfter: undefined }],
      locations: [{ name: 'fsn1', city: 'Falkenstein', country: 'DE', zone: 'eu-central' }],
    });
    expect(deleteCloudAccount(c, account.id)).toEqual({ kind: 'ok', value: null });
    expect(viewCloudAccount(c, account.id)).toMatchObject(refused('not-found'));
    expect(listOwnCloudAccounts(c, page)).toMatchObject({ value: { rows: [] } });
    const agents = asPerson(c, 'bridge', () => listAgentAccounts(c, page));
    expect(agents).toMatchObject({ value: { rows: [] } });
    expect(catalogues.lookup(account.id).type('cx23')).toBeUndefined();
    expect(catalogues.lookup(account.id).image('ubuntu-24.04')).toBeUndefined();
    expect(deleteCloudAccount(c, account.id)).toMatchObject(refused('not-found'));
  });

  it('waits for rentals and offers', () => {
    const { c, account } = withAccount();
    const rentals = { kind: 'of-cloud-account', of: account.id } as const;
    const offers = { kind: 'of-account', of: account.id } as const;
    c.storage.rentals.links.add(rentals, 3 as RentalId);
    c.storage.market.offeringLinks.add(offers, 4 as OfferingId);
    const state = (name: string) => ({ error: { leaf: { kind: 'wrong-state', state: name } } });
    expect(deleteCloudAccount(c, account.id)).toMatchObject(state('has-rentals'));
    c.storage.rentals.links.remove(rentals, 3 as RentalId);
    expect(deleteCloudAccount(c, account.id)).toMatchObject(state('has-offers'));
    c.storage.market.offeringLinks.remove(offers, 4 as OfferingId);
    expect(deleteCloudAccount(c, account.id).kind).toBe('ok');
  });
});

describe('listOwnCloudAccounts', () => {
  it('gives pages, the newest first', () => {
    const { c, provider } = asSeller();
    const ids = Array.from({ length: 5 }, () => givenCloudAccount(c, provider, { agent }).id);
    const first = listOwnCloudAccounts(c, { from: undefined, limit: 3 });
    expect(first).toMatchObject({
      value: { rows: [{ id: ids[4] }, { id: ids[3] }, { id: ids[2] }], next: ids[1] },
    });
    const second = listOwnCloudAccounts(c, { from: ids[1], limit: 3 });
    expect(second).toMatchObject({ value: { rows: [{ id: ids[1] }, { id: ids[0] }] } });
    const gone = listOwnCloudAccounts(c, { from: 77 as CloudAccountId, limit: 3 });
    expect(gone).toMatchObject(wrong('from'));
    for (const limit of [0, 51]) {
      expect(listOwnCloudAccounts(c, { from: undefined, limit })).toMatchObject(wrong('limit'));
    }
  });
});

describe('viewCredentials', () => {
  it('gives what was sealed to the agent of the account, while it is granted something', () => {
    const { c, provider, account } = withAccount();
    const view = (who: string) => asPerson(c, who, () => viewCredentials(c, account.id));
    for (const scope of ['provision', 'catalogue', 'health'] as const) {
      givenAgent(c, provider, { agent, scopes: [scope] });
      expect(view('bridge')).toEqual({ kind: 'ok', value: account.sealedCredentials });
    }
    for (const grant of [{ scopes: ['notify'] }, { expiresInDays: 0 }] as const) {
      givenAgent(c, provider, { agent, ...grant });
      expect(view('bridge')).toMatchObject(refused('not-allowed'));
    }
  });

  it('gives nothing to others, not even to those who seal or measure', () => {
    const { c, provider, account } = withAccount();
    givenSettings(c);
    givenAgent(c, provider, { agent: personCalled('probe') });
    c.runtime.controllers = [personCalled('operator')];
    for (const who of ['probe', 'platform-agent', 'seller', 'operator']) {
      expect(asPerson(c, who, () => viewCredentials(c, account.id))).toMatchObject(
        refused('not-allowed'),
      );
    }
    const nowhere = 99 as typeof account.id;
    expect(asPerson(c, 'bridge', () => viewCredentials(c, nowhere))).toMatchObject(
      refused('not-allowed'),
    );
  });
});

describe('reportValidity', () => {
  it('keeps what the agent found, and tells the seller once', () => {
    const { c, account } = withAccount();
    const report = (problem: string | undefined) =>
      asPerson(c, 'bridge', () => reportValidity(c, { cloudAccountId: account.id, problem }));
    const validity = () => c.storage.accounts.cloudAccounts.get(account.id)?.validity;
    const unread = () => c.storage.notifications.mailboxes.get(account.provider)?.unread ?? 0;
    expect(report('the token was revoked').kind).toBe('ok');
    expect(validity()).toMatchObject({ kind: 'invalid', reason: 'the token was revoked' });
    report('the token was revoked');
    expect(unread()).toBe(1);
    report(undefined);
    expect(validity()).toEqual({ kind: 'valid', checkedAt: c.runtime.now });
    expect(report('a\u0000b')).toMatchObject(wrong('problem'));
    expect(report('x'.repeat(201))).toMatchObject(wrong('problem'));
  });

  it('is for the agent of the account, while it is granted provisioning', () => {
    const { c, provider, account } = withAccount();
    const report = { cloudAccountId: account.id, problem: undefined };
    givenAgent(c, provider, { agent: personCalled('probe') });
    for (const name of ['probe', 'seller']) {
      expect(asPerson(c, name, () => reportValidity(c, report))).toMatchObject(
        refused('not-allowed'),
      );
    }
    givenAgent(c, provider, { agent, scopes: ['health'] });
    expect(asPerson(c, 'bridge', () => reportValidity(c, report))).toMatchObject(
      refused('not-allowed'),
    );
  });
});
