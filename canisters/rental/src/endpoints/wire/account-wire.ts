import type { Principal } from '@dfinity/principal';
import {
  blob,
  count,
  list,
  literals,
  nanoseconds,
  optional,
  principal,
  record,
  text,
  union,
} from '@decent-cloud/kit/wire/wire.ts';
import type {
  Account,
  Login,
  LoginKind,
  NoticeGroup,
  NotificationPreferences,
  SshKey,
} from '../../core/accounts/account.ts';
import type { AgeKeyInput, LoginName } from '../../core/accounts/account-rules.ts';
import type { LoginOffer } from '../../core/accounts/logins.ts';
import { sshKeyLine } from '../../core/accounts/ssh-key.ts';
import type { LoginOfferView } from '../../flows/accounts/account-views.ts';
import type { ExportedPart, ExportPart } from '../../flows/accounts/export-data.ts';
import type { LoginInput } from '../../flows/accounts/link-login.flow.ts';

/** `principal` and `type` are words of Candid: outside, fields have other names. */
type LoginView = Omit<Login, 'principal'> & { readonly who: Principal };
type SshKeyView = Omit<SshKey, 'type' | 'blob'> & { readonly line: string };
type AccountView = Omit<Account, 'logins' | 'sshKeys'> & {
  readonly logins: readonly LoginView[];
  readonly sshKeys: readonly SshKeyView[];
};
type OfferView = Omit<LoginOffer, 'principal'> & { readonly who: Principal };

const loginKind = literals<LoginKind>(['google', 'passkey', 'seed-phrase', 'other']);

/** Where notifications go, in and out. */
export const preferences = record<NotificationPreferences>({
  email: text,
  muted: list(literals<NoticeGroup>(['money', 'outage', 'lifecycle', 'news'])),
});

export const account = record<AccountView>({
  id: count,
  displayName: text,
  ageRecipient: optional(text),
  sealedAgeIdentity: optional(blob),
  logins: list(
    record<LoginView>({ who: principal, kind: loginKind, label: text, addedAt: nanoseconds }),
  ),
  sshKeys: list(
    record<SshKeyView>({
      label: text,
      line: text,
      fingerprint: text,
      comment: text,
      addedAt: nanoseconds,
    }),
  ),
  preferences,
  createdAt: nanoseconds,
  updatedAt: nanoseconds,
});

export function accountView({ logins, sshKeys, ...rest }: Account): AccountView {
  return {
    ...rest,
    logins: logins.map(({ principal: who, ...login }) => ({ ...login, who })),
    sshKeys: sshKeys.map((key) => ({ ...key, line: sshKeyLine(key) })),
  };
}

export const loginOffer = record<OfferView>({
  account: count,
  who: principal,
  kind: loginKind,
  label: text,
  expiresAt: nanoseconds,
});

export const loginOfferShown = record<{ readonly offer: OfferView; readonly displayName: string }>({
  offer: loginOffer,
  displayName: text,
});

export function offerView({ principal: who, ...rest }: LoginOffer): OfferView {
  return { ...rest, who };
}

export function offerShown(view: LoginOfferView) {
  return { offer: offerView(view.offer), displayName: view.displayName };
}

export const profileInput = record<{ readonly displayName: string }>({ displayName: text });
export const ageKeyInput = record<AgeKeyInput>({
  ageRecipient: optional(text),
  sealedAgeIdentity: optional(blob),
});
export const sshKeyInput = record<{ readonly label: string; readonly line: string }>({
  label: text,
  line: text,
});

type LoginWire = LoginName & { readonly who: Principal };
export const loginInput = record<LoginWire>({ who: principal, kind: loginKind, label: text });

export function loginOf({ who, ...rest }: LoginWire): LoginInput {
  return { ...rest, principal: who };
}

/** Where a part of the exported data begins. */
export const exportPart = union<ExportPart>({
  account: {},
  'cloud-accounts': { from: optional(count) },
  notifications: { from: optional(count) },
});
export const exportedPart = record<ExportedPart>({ json: text, next: optional(exportPart) });
