import type { CloudAccount, Validity } from '../../core/accounts/provider.ts';
import { noticeWords } from '../../core/notifications/words.ts';
import { notify } from '../notifications/notify.ts';
import type { RentalCanister } from '../rental-canister.ts';

/** Keeps what a worker found out about an account's credentials. */
export function setValidity(c: RentalCanister, account: CloudAccount, validity: Validity): void {
  c.storage.accounts.cloudAccounts.set(account.id, { ...account, validity });
}

/** The cloud refuses an account's credentials: its owner is told, once until they work again. */
export function noteInvalidAccount(c: RentalCanister, account: CloudAccount, reason: string): void {
  const checkedAt = c.runtime.time();
  if (account.validity.kind !== 'invalid') {
    const eventKey = `cloud-account-invalid:${account.id}:${checkedAt.toString()}`;
    const words = noticeWords('cloud-account-invalid', { label: account.label, reason });
    notify(c, { recipient: account.provider, kind: 'cloud-account-invalid', eventKey, ...words });
  }
  setValidity(c, account, { kind: 'invalid', checkedAt, reason });
}
