import type { RentalId } from '@decent-cloud/domain/ids.ts';
import { describe, expect, it } from 'vitest';
import { asPerson, givenAccount, givenAgent } from '../../testing/accounts.fake.ts';
import { givenCloudAccount, givenProvider } from '../../testing/accounts.fake.ts';
import { fakeCanister, personCalled } from '../../testing/fake-canister.fake.ts';
import { lineOf, SSH_KEYS } from '../../testing/ssh-keys.fake.ts';
import type { RentalList } from '../../storage/rentals/rental-links.ts';
import { notify } from '../notifications/notify.ts';
import { actingAccount, callerAccount } from './callers.ts';
import { deleteAccount } from './delete-account.flow.ts';
import { addSshKey } from './edit-account.flow.ts';
import { deleteCloudAccount } from './edit-cloud-account.flow.ts';
import { exportData, type ExportPart } from './export-data.ts';
import { offerLogin } from './link-login.flow.ts';

const refused = (kind: string) => ({ kind: 'err', error: { leaf: { kind } } });

function asSeller() {
  const c = fakeCanister();
  const provider = givenProvider(c, 'seller');
  givenAgent(c, provider, { agent: personCalled('bridge') });
  c.runtime.callerNow = personCalled('seller');
  return { c, provider };
}

describe('deleteAccount', () => {
  it('leaves nothing about the person', () => {
    const { c, provider } = asSeller();
    offerLogin(c, { principal: personCalled('phone'), kind: 'google', label: '' });
    const notice = { recipient: provider.id, kind: 'rental-ready', eventKey: 'k' } as const;
    notify(c, { ...notice, subject: 'Ready', body: 'Your machine is ready.' });
    expect(deleteAccount(c)).toEqual({ kind: 'ok', value: null });
    const later = c.upgraded().storage;
    const { accounts, logins, loginOffers, providers, grants, grantedAgents, agents } =
      later.accounts;
    const tables = [accounts, logins, loginOffers, providers, grants, grantedAgents, agents];
    expect(tables.map((table) => table.size())).toEqual(tables.map(() => 0));
    const { notifications, mailboxes, outbox } = later.notifications;
    expect([notifications.size(), mailboxes.size(), outbox.size()]).toEqual([0, 0, 0]);
    expect(callerAccount(c)).toMatchObject(refused('not-found'));
    expect(actingAccount(c)).toMatchObject({ value: { id: 1, sshKeys: [] } });
  });

  it('is refused while machines or money hang on it, and says what', () => {
    const { c, provider } = asSeller();
    const account = givenCloudAccount(c, provider, { agent: personCalled('bridge') });
    const rental = 5 as RentalId;
    const lists: RentalList[] = [
      { kind: 'live-of-renter', of: provider.id },
      { kind: 'quotes-of-renter', of: provider.id },
    ];
    for (const list of lists) c.storage.rentals.links.add(list, rental);
    const messageOf = () => {
      const deleted = deleteAccount(c);
      expect(deleted).toMatchObject({ error: { leaf: { kind: 'wrong-state', state: 'in-use' } } });
      return deleted.kind === 'err' ? deleted.error.message : '';
    };
    expect(messageOf()).toMatch(/cancel your 1 rentals.*1 quotes.*1 cloud accounts/);
    for (const list of lists) c.storage.rentals.links.remove(list, rental);
    expect(messageOf()).not.toContain('quotes');
    expect(callerAccount(c).kind).toBe('ok');
    deleteCloudAccount(c, account.id);
    expect(deleteAccount(c).kind).toBe('ok');
  });

  it('counts calls, and refuses whoever has no account', () => {
    const c = fakeCanister({ callsPerMinute: 1 });
    givenAccount(c, 'ada');
    c.runtime.callerNow = personCalled('ada');
    actingAccount(c);
    expect(deleteAccount(c)).toMatchObject(refused('rate-limited'));
    expect(asPerson(c, 'eve', () => deleteAccount(c))).toMatchObject(refused('not-found'));
  });
});

describe('exportData', () => {
  /** All parts, as a person would fetch them. */
  function everything(c: ReturnType<typeof asSeller>['c']) {
    const parts: Record<string, unknown>[] = [];
    let part: ExportPart | undefined = { kind: 'account' };
    while (part !== undefined) {
      const exported = exportData(c, part);
      if (exported.kind === 'err') throw new Error(exported.error.message);
      parts.push(JSON.parse(exported.value.json) as Record<string, unknown>);
      part = exported.value.next;
    }
    return parts;
  }

  it('gives all that is stored about a seller, in parts', () => {
    const { c, provider } = asSeller();
    const [key] = SSH_KEYS;
    addSshKey(c, { label: 'laptop', line: lineOf(key) });
    const agent = personCalled('bridge');
    const ids = Array.from({ length: 25 }, () => givenCloudAccount(c, provider, { agent }).id);
    for (let index = 0; index < 60; index += 1) {
      const notice = {
        recipient: provider.id,
        kind: 'rental-ready',
        eventKey: `${index}`,
      } as const;
      notify(c, { ...notice, subject: `${index}`, body: 'Ready.' });
    }
    const parts = everything(c);
    const [first] = parts;
    expect(parts).toHaveLength(5);
    expect(first).toMatchObject({
      form: 'decent-cloud account data 1',
      account: {
        id: provider.id,
        logins: [{ principal: personCalled('seller').toText() }],
        sshKeys: [{ line: lineOf(key), blob: key.body }],
        createdAt: provider.createdAt.toString(),
      },
      provider: { name: provider.name },
      grants: [{ agent: agent.toText(), scopes: ['provision', 'health', 'catalogue', 'notify'] }],
      loginOffer: null,
    });
    const rows = (name: string) => parts.flatMap((part) => (part[name] ?? []) as { id: number }[]);
    expect(rows('cloudAccounts').map(({ id }) => id)).toEqual([...ids].reverse());
    expect(rows('notifications')).toHaveLength(60);
  });

  it('is short for a renter, and refused without an account', () => {
    const c = fakeCanister();
    givenAccount(c, 'ada');
    c.runtime.callerNow = personCalled('ada');
    expect(everything(c)).toHaveLength(2);
    c.runtime.callerNow = personCalled('eve');
    expect(exportData(c, { kind: 'account' })).toMatchObject(refused('not-found'));
  });
});
