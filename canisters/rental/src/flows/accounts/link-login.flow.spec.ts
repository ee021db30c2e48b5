import { Principal } from '@dfinity/principal';
import { after, durationNs } from '@decent-cloud/domain/time.ts';
import { describe, expect, it } from 'vitest';
import { asPerson, givenAccount, givenProvider } from '../../testing/accounts.fake.ts';
import { fakeCanister, personCalled } from '../../testing/fake-canister.fake.ts';
import { viewLoginOffer } from './account-views.ts';
import { actingAccount, callerAccount } from './callers.ts';
import { acceptLogin, describeLogin, offerLogin } from './link-login.flow.ts';
import { unlinkLogin, withdrawLoginOffer } from './link-login.flow.ts';

const refused = (kind: string) => ({ kind: 'err', error: { leaf: { kind } } });
const phone = { principal: personCalled('phone'), kind: 'passkey', label: 'phone' } as const;

/** Ada has an account and is the caller. */
function asAda() {
  const c = fakeCanister();
  const account = givenAccount(c, 'ada');
  c.runtime.callerNow = personCalled('ada');
  return { c, account };
}

function linked() {
  const { c, account } = asAda();
  offerLogin(c, phone);
  asPerson(c, 'phone', () => acceptLogin(c, account.id));
  return { c, account };
}

describe('linking a login', () => {
  it('gives the same account to whom it was offered, once that accepts', () => {
    const { c, account } = asAda();
    expect(offerLogin(c, phone).kind).toBe('ok');
    expect(asPerson(c, 'phone', () => callerAccount(c))).toMatchObject(refused('not-found'));
    const shown = asPerson(c, 'phone', () => viewLoginOffer(c, account.id));
    expect(shown).toMatchObject({ value: { displayName: 'ada', offer: phone } });
    const accepted = asPerson(c, 'phone', () => acceptLogin(c, account.id));
    const login = { ...phone, addedAt: c.runtime.now };
    expect(accepted).toMatchObject({ value: { id: account.id, logins: [{}, login] } });
    expect(asPerson(c, 'phone', () => callerAccount(c.upgraded()))).toEqual(accepted);
    expect(asPerson(c, 'phone', () => acceptLogin(c, account.id))).toMatchObject(
      refused('not-found'),
    );
  });

  it('is for the one that it was offered to only', () => {
    const { c, account } = asAda();
    offerLogin(c, phone);
    expect(asPerson(c, 'eve', () => viewLoginOffer(c, account.id))).toMatchObject(
      refused('not-found'),
    );
    expect(asPerson(c, 'eve', () => acceptLogin(c, account.id))).toMatchObject(
      refused('not-found'),
    );
    c.runtime.callerNow = Principal.anonymous();
    expect(acceptLogin(c, account.id)).toMatchObject(refused('not-authenticated'));
  });

  it('is over after a day, when it is withdrawn, and with the next offer', () => {
    const { c, account } = asAda();
    const accept = () => asPerson(c, 'phone', () => acceptLogin(c, account.id));
    offerLogin(c, phone);
    c.runtime.now = after(c.runtime.now, durationNs({ days: 1 }));
    expect(accept()).toMatchObject(refused('not-found'));
    offerLogin(c, phone);
    withdrawLoginOffer(c);
    expect(accept()).toMatchObject(refused('not-found'));
    offerLogin(c, phone);
    offerLogin(c, { ...phone, principal: personCalled('tablet') });
    expect(accept()).toMatchObject(refused('not-found'));
    expect(asPerson(c, 'tablet', () => acceptLogin(c, account.id)).kind).toBe('ok');
  });

  it('never takes a login from another account', () => {
    const { c, account } = asAda();
    offerLogin(c, phone);
    const other = asPerson(c, 'phone', () => actingAccount(c));
    expect(asPerson(c, 'phone', () => acceptLogin(c, account.id))).toMatchObject(
      refused('conflict'),
    );
    expect(asPerson(c, 'phone', () => callerAccount(c))).toEqual(other);
    expect(offerLogin(c, phone)).toMatchObject(refused('conflict'));
    expect(offerLogin(c, { ...phone, principal: personCalled('ada') })).toMatchObject(
      refused('conflict'),
    );
  });

  it('refuses principals that nobody signs in as, and wrong labels', () => {
    const { c } = asAda();
    for (const principal of [Principal.anonymous(), Principal.managementCanister()]) {
      const offered = offerLogin(c, { ...phone, principal });
      expect(offered).toMatchObject({ error: { leaf: { argument: 'who' } } });
    }
    const offered = offerLogin(c, { ...phone, label: 'x'.repeat(65) });
    expect(offered).toMatchObject({ error: { leaf: { argument: 'label' } } });
  });

  it('stops at ten logins', () => {
    const { c, account } = asAda();
    for (let index = 1; index < 10; index += 1) {
      offerLogin(c, { ...phone, principal: personCalled(`device ${index}`) });
      asPerson(c, `device ${index}`, () => acceptLogin(c, account.id));
    }
    expect(offerLogin(c, phone)).toMatchObject(refused('quota-exceeded'));
  });

  it('counts the calls of whoever accepts', () => {
    const c = fakeCanister({ callsPerMinute: 1 });
    const account = givenAccount(c, 'ada');
    c.runtime.callerNow = personCalled('eve');
    expect(acceptLogin(c, account.id)).toMatchObject(refused('not-found'));
    expect(acceptLogin(c, account.id)).toMatchObject(refused('rate-limited'));
  });
});

describe('describeLogin', () => {
  it('names one login of the caller', () => {
    const { c } = linked();
    const described = describeLogin(c, { ...phone, kind: 'google', label: 'work' });
    expect(described).toMatchObject({
      value: { logins: [{ label: 'ada' }, { kind: 'google', label: 'work' }] },
    });
    const unknown = describeLogin(c, { ...phone, principal: personCalled('eve') });
    expect(unknown).toMatchObject(refused('not-found'));
  });
});

describe('unlinkLogin', () => {
  it('takes a login out, which then has no account', () => {
    const { c } = linked();
    expect(unlinkLogin(c, phone.principal)).toMatchObject({ value: { logins: [{}] } });
    expect(asPerson(c, 'phone', () => callerAccount(c))).toMatchObject(refused('not-found'));
    expect(unlinkLogin(c, phone.principal)).toMatchObject(refused('not-found'));
  });

  it('keeps the last one, and the one that a seller is paid to', () => {
    const { c } = linked();
    givenProvider(c, 'ada');
    const paid = unlinkLogin(c, personCalled('ada'));
    expect(paid).toMatchObject({ error: { leaf: { kind: 'wrong-state', state: 'payee' } } });
    unlinkLogin(c, phone.principal);
    const last = unlinkLogin(c, personCalled('ada'));
    expect(last).toMatchObject({ error: { leaf: { kind: 'wrong-state', state: 'last-login' } } });
  });
});
