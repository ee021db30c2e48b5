import type { TokenUnits, UsdE8 } from '@decent-cloud/domain/amount.ts';
import type { TimestampNs } from '@decent-cloud/domain/time.ts';
import type { Fields } from '@decent-cloud/kit/values/field.ts';
import {
  bigint,
  bool,
  bytes,
  number,
  optional,
  plainAs,
  principal,
  record,
  text,
  union,
} from '@decent-cloud/kit/values/field.ts';
import type { Party } from '../../core/escrow/escrow.ts';
import type { EscrowId, TransferId } from '../../core/ids.ts';
import type {
  FrozenArgs,
  Purpose,
  Transfer,
  TransferStatus,
} from '../../core/transfers/transfer.ts';
import { accountFields } from './config-fields.ts';

const units = bigint<TokenUnits>();
const time = bigint<TimestampNs>();
const account = record(accountFields);
const escrowId = plainAs<EscrowId>();

export const argsFields: Fields<FrozenArgs> = {
  generation: number,
  createdAt: time,
  memo: bytes,
  amount: units,
  fee: units,
};
const args = record(argsFields);

const purpose = union<Purpose>({
  deposit: { escrowId },
  payout: { escrowId, party: plainAs<Party>() },
  'fee-withdrawal': {},
});

const status = union<TransferStatus>({
  planned: { notBefore: time, attempts: number },
  'in-flight': { args, isUnknown: bool, attempts: number },
  retry: { args, isUnknown: bool, attempts: number, notBefore: time },
  reconcile: { args, attempts: number, notBefore: time },
  paid: { args, block: optional(bigint()), at: time, usdE8: optional(bigint<UsdE8>()) },
  failed: { at: time, reason: text },
  parked: { args, at: time, reason: text },
});

export const transferFields: Fields<Transfer> = {
  id: plainAs<TransferId>(),
  purpose,
  ledger: principal,
  from: account,
  to: account,
  amount: units,
  feeFromPayee: units,
  fee: units,
  scanFrom: bigint(),
  lastGeneration: number,
  lastProblem: optional(text),
  plannedAt: time,
  dueAt: optional(time),
  status,
};
