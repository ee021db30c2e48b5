import type { Principal } from '@dfinity/principal';
import type { AccountId } from '@decent-cloud/domain/ids.ts';
import type { TimestampNs } from '@decent-cloud/domain/time.ts';
import type { Account } from './account.ts';

/** The account of somebody who does something for the first time. */
export function newAccount(of: {
  readonly id: AccountId;
  readonly principal: Principal;
  readonly at: TimestampNs;
}): Account {
  const { id, principal, at } = of;
  return {
    id,
    displayName: `Account ${id}`,
    ageRecipient: undefined,
    sealedAgeIdentity: undefined,
    logins: [{ principal, kind: 'other', label: '', addedAt: at }],
    sshKeys: [],
    preferences: { email: '', muted: [] },
    createdAt: at,
    updatedAt: at,
  };
}
