import type { Identity } from '@dfinity/agent';
import type { Principal } from '@dfinity/principal';
import type { Network } from '../schemas/network.schema.ts';
import type { SignInMethod } from '../services/login-words.service.ts';
import { connect, type Actors } from './actors.api.ts';
import { okOf, okUnless } from './refusal.ts';
import type { Rental } from './wire.ts';

type Market = Actors['rental'];

/** The caller's account; undefined until there is one. */
export async function readMyAccount(rental: Market): Promise<Rental.MyAccount | undefined> {
  return okUnless('NotFound', await rental.get_my_account());
}

/** Whether somebody has an account. Nothing is made by asking. */
export async function hasAccount(network: Network, identity: Identity): Promise<boolean> {
  return (await readMyAccount(connect(network, identity).rental)) !== undefined;
}

export interface AgeKey {
  readonly recipient: string;
  /** The identity under a passphrase; none if it follows from a seed phrase. */
  readonly sealedIdentity?: Uint8Array;
}

export async function putAgeKey(rental: Market, key: AgeKey): Promise<Rental.MyAccount> {
  const { recipient, sealedIdentity } = key;
  return okOf(
    await rental.set_age_key({
      age_recipient: [recipient],
      sealed_age_identity: sealedIdentity === undefined ? [] : [sealedIdentity],
    }),
  );
}

/** The wire's name for a way to sign in. */
export function loginKindOf(method: SignInMethod): Rental.LoginKind {
  switch (method) {
    case 'google':
      return { Google: null };
    case 'passkey':
      return { Passkey: null };
    case 'seed-phrase':
      return { SeedPhrase: null };
  }
}

export async function putDisplayName(rental: Market, name: string): Promise<Rental.MyAccount> {
  return okOf(await rental.put_my_profile({ display_name: name }));
}

export async function putPreferences(
  rental: Market,
  preferences: Rental.NotificationPreferences,
): Promise<Rental.MyAccount> {
  return okOf(await rental.set_preferences(preferences));
}

export interface NewSshKey {
  readonly label: string;
  readonly line: string;
}

export async function addSshKey(rental: Market, key: NewSshKey): Promise<Rental.MyAccount> {
  return okOf(await rental.add_ssh_key(key));
}

export async function removeSshKey(rental: Market, fingerprint: string): Promise<Rental.MyAccount> {
  return okOf(await rental.remove_ssh_key(fingerprint));
}

export async function describeLogin(
  rental: Market,
  login: Rental.LoginInput,
): Promise<Rental.MyAccount> {
  return okOf(await rental.describe_login(login));
}

export interface LoginLink {
  readonly network: Network;
  /** As whom the account is signed in to. */
  readonly rental: Market;
  /** The login that comes to it. */
  readonly identity: Identity;
  readonly method: SignInMethod;
  readonly label: string;
}

/**
 * Makes somebody a login of the caller's account: the account offers, the login accepts. Errors:
 * `Refusal`, with the offer withdrawn if that can be done.
 */
export async function linkLogin(link: LoginLink): Promise<Rental.MyAccount> {
  const { network, rental, identity, method, label } = link;
  const who = identity.getPrincipal();
  const { account } = okOf(await rental.offer_login({ who, kind: loginKindOf(method), label }));
  try {
    return okOf(await connect(network, identity).rental.accept_login(account));
  } catch (error) {
    okOf(await rental.withdraw_login_offer());
    throw error;
  }
}

export async function unlinkLogin(rental: Market, who: Principal): Promise<Rental.MyAccount> {
  return okOf(await rental.unlink_login(who));
}

/** Everything that is stored about the caller, part by part, each as JSON. */
export async function exportMyData(rental: Market): Promise<string[]> {
  const parts: string[] = [];
  let next: [] | [Rental.ExportPart] = [{ Account: null }];
  while (next[0] !== undefined) {
    const part: Rental.ExportedPart = okOf(await rental.export_my_data(next[0]));
    parts.push(part.json);
    next = part.next;
  }
  return parts;
}

/** Deletes the caller's account for good. Errors: `Refusal`, which says what has to be ended first. */
export async function deleteMyAccount(rental: Market): Promise<void> {
  okOf(await rental.delete_my_account());
}
