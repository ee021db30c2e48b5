import { mapOk, type Result } from '@decent-cloud/domain/result.ts';
import type { Account } from '../../core/accounts/account.ts';
import { exportJson } from '../../core/accounts/export-json.ts';
import { sshKeyLine } from '../../core/accounts/ssh-key.ts';
import type { CloudAccountId, NotificationId } from '../../core/ids.ts';
import { myNotifications } from '../notifications/read-notifications.flow.ts';
import type { RentalCanister } from '../rental-canister.ts';
import type { RentalError } from '../rental-errors.ts';
import { listOwnCloudAccounts } from './account-views.ts';
import { callerAccount } from './callers.ts';
import { agentsOf } from './grant-agent.flow.ts';

/** Part of the exported form. */
const FORM = 'decent-cloud account data 1';
const ACCOUNTS_A_PART = 20;
const NOTICES_A_PART = 50;

/** Where in the data of an account a part begins. */
export type ExportPart =
  | { readonly kind: 'account' }
  | { readonly kind: 'cloud-accounts'; readonly from: CloudAccountId | undefined }
  | { readonly kind: 'notifications'; readonly from: NotificationId | undefined };

export interface ExportedPart {
  /** Times are nanoseconds since 1970 as decimal text; bytes are in base64. */
  readonly json: string;
  /** Undefined after the last one. */
  readonly next: ExportPart | undefined;
}

/**
 * What is stored about the caller's account, part after part, beginning with `account`. Rentals have an
 * export of their own, and recipes are public.
 */
export function exportData(c: RentalCanister, part: ExportPart): Result<ExportedPart, RentalError> {
  const account = callerAccount(c);
  if (account.kind === 'err') return account;
  switch (part.kind) {
    case 'account':
      return { kind: 'ok', value: accountPart(c, account.value) };
    case 'cloud-accounts':
      return mapOk(
        listOwnCloudAccounts(c, { from: part.from, limit: ACCOUNTS_A_PART }),
        ({ rows, next }) => ({
          json: exportJson({ form: FORM, cloudAccounts: rows }),
          next:
            next === undefined
              ? { kind: 'notifications', from: undefined }
              : { kind: 'cloud-accounts', from: next },
        }),
      );
    case 'notifications':
      return mapOk(
        myNotifications(c, { from: part.from, limit: NOTICES_A_PART }),
        ({ rows, next }) => ({
          json: exportJson({ form: FORM, notifications: rows }),
          next: next === undefined ? undefined : { kind: 'notifications', from: next },
        }),
      );
  }
}

function accountPart(c: RentalCanister, account: Account): ExportedPart {
  const { providers, grants, loginOffers } = c.storage.accounts;
  const provider = providers.get(account.id);
  const json = exportJson({
    form: FORM,
    account: {
      ...account,
      sshKeys: account.sshKeys.map((key) => ({ ...key, line: sshKeyLine(key) })),
    },
    loginOffer: loginOffers.get(account.id),
    provider,
    grants: agentsOf(c, account.id).map((agent) => grants.get([account.id, agent])),
  });
  const next: ExportPart =
    provider === undefined
      ? { kind: 'notifications', from: undefined }
      : { kind: 'cloud-accounts', from: undefined };
  return { json, next };
}
