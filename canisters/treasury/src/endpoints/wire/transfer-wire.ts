import type { Party } from '../../core/escrow/escrow.ts';
import type {
  FrozenArgs,
  Purpose,
  Transfer,
  TransferStatus,
} from '../../core/transfers/transfer.ts';
import { account } from './config-wire.ts';
import {
  blob,
  bool,
  count,
  literals,
  nanoseconds,
  nat,
  nat32,
  optional,
} from '@decent-cloud/kit/wire/wire.ts';
import { principal, record, text, union } from '@decent-cloud/kit/wire/wire.ts';

export const party = literals<Party>(['payer', 'provider', 'author', 'platform']);

const purpose = union<Purpose>({
  deposit: { escrowId: count },
  payout: { escrowId: count, party },
  'fee-withdrawal': {},
});

export const frozenArgs = record<FrozenArgs>({
  generation: nat32,
  createdAt: nanoseconds,
  memo: blob,
  amount: nat,
  fee: nat,
});

const args = frozenArgs;
const attempts = nat32;
const notBefore = nanoseconds;

const status = union<TransferStatus>({
  planned: { notBefore, attempts },
  'in-flight': { args, isUnknown: bool, attempts },
  retry: { args, isUnknown: bool, attempts, notBefore },
  reconcile: { args, attempts, notBefore },
  paid: { args, block: optional(nat), at: nanoseconds, usdE8: optional(nat) },
  failed: { at: nanoseconds, reason: text },
  parked: { args, at: nanoseconds, reason: text },
});

export const transfer = record<Transfer>({
  id: count,
  purpose,
  ledger: principal,
  from: account,
  to: account,
  amount: nat,
  feeFromPayee: nat,
  fee: nat,
  scanFrom: nat,
  lastGeneration: nat32,
  lastProblem: optional(text),
  plannedAt: nanoseconds,
  dueAt: optional(nanoseconds),
  status,
});
