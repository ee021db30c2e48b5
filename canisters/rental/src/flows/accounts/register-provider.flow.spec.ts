import type { Result } from '@decent-cloud/domain/result.ts';
import { describe, expect, it } from 'vitest';
import { asPerson } from '../../testing/accounts.fake.ts';
import { fakeCanister, personCalled } from '../../testing/fake-canister.fake.ts';
import type { RentalError } from '../rental-errors.ts';
import { viewOwnProvider, viewProvider } from './account-views.ts';
import { registerProvider, updateProvider } from './register-provider.flow.ts';

const refused = (kind: string) => ({ kind: 'err', error: { leaf: { kind } } });
const input = {
  name: 'Ada hosting',
  description: '',
  website: '',
  supportContact: 'help@ada.example.com',
};

function given<T>(result: Result<T, RentalError>): T {
  if (result.kind === 'err') throw new Error(result.error.message);
  return result.value;
}

function asAda() {
  const c = fakeCanister();
  c.runtime.callerNow = personCalled('ada');
  return c;
}

describe('registerProvider', () => {
  it('makes the caller a seller, once, and the one who is paid', () => {
    const c = asAda();
    const made = registerProvider(c, input);
    const principal = personCalled('ada');
    expect(made).toMatchObject({ kind: 'ok', value: { ...input, id: 0, principal } });
    expect(viewOwnProvider(c)).toEqual(made);
    expect(registerProvider(c, { ...input, name: 'Other' })).toMatchObject(refused('conflict'));
    const { id } = given(made);
    const seen = asPerson(c, 'eve', () => viewProvider(c.upgraded(), id));
    expect(seen).toEqual(made);
  });

  it('names the argument that is wrong', () => {
    const c = asAda();
    const wrong = registerProvider(c, { ...input, website: 'ftp://ada' });
    expect(wrong).toMatchObject({ error: { leaf: { argument: 'website' } } });
    expect(viewOwnProvider(c)).toMatchObject(refused('not-found'));
  });
});

describe('updateProvider', () => {
  it('changes what others read, but not who is paid', () => {
    const c = asAda();
    const { id } = given(registerProvider(c, input));
    c.storage.accounts.logins.set(personCalled('phone'), { account: id });
    const changed = asPerson(c, 'phone', () => updateProvider(c, { ...input, name: 'New' }));
    expect(changed).toMatchObject({ value: { id, name: 'New', principal: personCalled('ada') } });
    expect(viewOwnProvider(c)).toEqual(changed);
  });

  it('is for sellers', () => {
    expect(updateProvider(asAda(), input)).toMatchObject(refused('not-allowed'));
  });
});
