import type { TimestampNs } from '@decent-cloud/domain/time.ts';
import { bigint, optional, principal, record } from '@decent-cloud/kit/values/field.ts';
import type { Fields } from '@decent-cloud/kit/values/field.ts';
import type { Payee } from '../../core/payees/payee.ts';
import { accountFields } from './config-fields.ts';

type Pending = NonNullable<Payee['pending']>;

const pendingFields: Fields<Pending> = {
  account: record(accountFields),
  effectiveAt: bigint<TimestampNs>(),
};

export const payeeFields: Fields<Payee> = {
  owner: principal,
  account: record(accountFields),
  pending: optional(record(pendingFields)),
  pausedUntil: optional(bigint<TimestampNs>()),
};
