import { present } from '@decent-cloud/domain/assert.ts';
import type { AccountId } from '@decent-cloud/domain/ids.ts';
import { after, durationNs } from '@decent-cloud/domain/time.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { asPerson } from '../../testing/accounts.fake.ts';
import { fakeCanister, personCalled, type FakeCanister } from '../../testing/fake-canister.fake.ts';
import { actingAccount, callerAccount } from './callers.ts';
import { deleteAccount } from './delete-account.flow.ts';
import { acceptLogin, offerLogin, unlinkLogin, withdrawLoginOffer } from './link-login.flow.ts';

const PEOPLE = ['ada', 'bob', 'eve', 'joe'] as const;
type Person = (typeof PEOPLE)[number];

/** Who signs in to which account, and what is offered: far simpler than the canister has it. */
interface Model {
  readonly accountOf: Map<Person, number>;
  readonly offers: Map<number, { readonly to: Person; readonly hours: number }>;
  nextId: number;
}

interface Step {
  readonly who: Person;
  readonly what: 'act' | 'offer' | 'withdraw' | 'accept' | 'unlink' | 'delete' | 'wait';
  readonly whom: Person;
}

const person = fc.constantFrom(...PEOPLE);
const steps = fc.array(
  fc.record<Step>({
    who: person,
    what: fc.constantFrom('act', 'offer', 'withdraw', 'accept', 'unlink', 'delete', 'wait'),
    whom: person,
  }),
  { maxLength: 40 },
);

function ownAccount(model: Model, who: Person): number {
  const known = model.accountOf.get(who);
  if (known !== undefined) return known;
  const id = model.nextId;
  model.nextId += 1;
  model.accountOf.set(who, id);
  return id;
}

const loginsOf = (model: Model, id: number) =>
  PEOPLE.filter((one) => model.accountOf.get(one) === id);

/** What should happen; true if it should be done. */
function expectStep(model: Model, { who, what, whom }: Step): boolean {
  if (what === 'accept') {
    const id = model.accountOf.get(whom);
    const offer = id === undefined ? undefined : model.offers.get(id);
    if (id === undefined || offer?.to !== who || model.accountOf.has(who)) return false;
    model.accountOf.set(who, id);
    return model.offers.delete(id);
  }
  if (what === 'delete') {
    const id = model.accountOf.get(who);
    if (id === undefined) return false;
    for (const one of loginsOf(model, id)) model.accountOf.delete(one);
    model.offers.delete(id);
    return true;
  }
  if (what === 'wait') {
    for (const [id, { to, hours }] of model.offers) {
      if (hours > 12) model.offers.set(id, { to, hours: hours - 12 });
      else model.offers.delete(id);
    }
    return true;
  }
  const id = ownAccount(model, who);
  switch (what) {
    case 'act':
      return true;
    case 'withdraw':
      model.offers.delete(id);
      return true;
    case 'offer':
      if (model.accountOf.has(whom)) return false;
      model.offers.set(id, { to: whom, hours: 24 });
      return true;
    case 'unlink':
      if (model.accountOf.get(whom) !== id || loginsOf(model, id).length === 1) return false;
      return model.accountOf.delete(whom);
  }
}

function doStep(c: FakeCanister, { who, what, whom }: Step, of: AccountId): boolean {
  const principal = personCalled(whom);
  const run = () => {
    switch (what) {
      case 'act':
        return actingAccount(c);
      case 'offer':
        return offerLogin(c, { principal, kind: 'passkey', label: '' });
      case 'withdraw':
        return withdrawLoginOffer(c);
      case 'accept':
        return acceptLogin(c, of);
      case 'unlink':
        return unlinkLogin(c, principal);
      case 'delete':
        return deleteAccount(c);
      case 'wait':
        c.runtime.now = after(c.runtime.now, durationNs({ hours: 12 }));
        return { kind: 'ok' };
    }
  };
  return asPerson(c, who, run).kind === 'ok';
}

describe('accounts and logins', () => {
  it('agree with a simple model, whatever people do in whatever order', () => {
    fc.assert(
      fc.property(steps, (all) => {
        const c = fakeCanister();
        const model: Model = { accountOf: new Map(), offers: new Map(), nextId: 0 };
        for (const step of all) {
          const of = model.accountOf.get(step.whom) ?? 999;
          const isDone = doStep(c, step, of as AccountId);
          expect(isDone, JSON.stringify(step)).toBe(expectStep(model, step));
        }
        const later = c.upgraded();
        for (const one of PEOPLE) {
          const account = asPerson(later, one, () => callerAccount(later));
          const id = model.accountOf.get(one);
          expect(account.kind === 'ok' ? account.value.id : undefined).toBe(id);
          if (account.kind !== 'ok') continue;
          const names = account.value.logins.map(({ principal }) =>
            present(
              PEOPLE.find((name) => personCalled(name).compareTo(principal) === 'eq'),
              'who',
            ),
          );
          expect(names.sort()).toEqual(loginsOf(model, present(id, 'an account')));
        }
        expect(c.storage.accounts.accounts.size()).toBe(new Set(model.accountOf.values()).size);
      }),
      { numRuns: 400 },
    );
  });
});
