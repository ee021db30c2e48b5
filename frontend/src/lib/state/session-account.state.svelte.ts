import { describeLogin, loginKindOf, readMyAccount } from '../api/account.api.ts';
import type { Rental } from '../api/wire.ts';
import { kindNameOf } from '../services/account-words.service.ts';
import { app } from './app.state.svelte.ts';
import { Resource } from './resource.state.svelte.ts';
import { session, type Person } from './session.state.svelte.ts';
import { sessionLife } from './session-life.state.svelte.ts';

interface Found {
  /** Of whom it was read. */
  readonly principalText: string;
  /** None until the person does something for the first time. */
  readonly account: Rental.MyAccount | undefined;
}

/** The account of whoever is signed in. */
class SessionAccount {
  readonly resource = new Resource<Found>(() => this.#read(), {
    what: 'Your account could not be read.',
  });

  /** What is known of it; undefined for somebody who has none, and before it was read. */
  get account(): Rental.MyAccount | undefined {
    return this.isRead ? this.resource.value?.account : undefined;
  }

  get isRead(): boolean {
    const { person } = session;
    if (person === undefined) return false;
    return this.resource.value?.principalText === person.principal.toText();
  }

  /** Shows what a call answered. */
  put(account: Rental.MyAccount): void {
    const { person } = session;
    if (person === undefined) return;
    this.resource.put({ principalText: person.principal.toText(), account });
    sessionLife.seeAccount(account.id);
    if (isUnnamed(person, account)) void this.resource.load();
  }

  async #read(): Promise<Found> {
    const { person } = session;
    if (person === undefined) throw new Error('Nobody is signed in.');
    const found = await readMyAccount(app.actors.rental);
    const account = found === undefined ? undefined : await named(person, found);
    if (session.person?.principal.toText() === person.principal.toText()) {
      sessionLife.seeAccount(account?.id);
    }
    return { principalText: person.principal.toText(), account };
  }
}

/** An account that was made on the way does not know by what its first login is done: tells it once. */
async function named(person: Person, account: Rental.MyAccount): Promise<Rental.MyAccount> {
  if (!isUnnamed(person, account)) return account;
  const kind = loginKindOf(person.method);
  return describeLogin(app.actors.rental, {
    who: person.principal,
    kind,
    label: kindNameOf(kind),
  }).catch(() => account); // The list of logins then says "other"; nothing else depends on it.
}

/** Its login was made by the canister, which knows neither kind nor label. */
function isUnnamed(person: Person, account: Rental.MyAccount): boolean {
  const text = person.principal.toText();
  const login = account.logins.find(({ who }) => who.toText() === text);
  return login !== undefined && 'Other' in login.kind && login.label === '';
}

export const sessionAccount = new SessionAccount();
