import { IDL } from '@dfinity/candid';
import { err, mapOk, ok, type Result } from '@decent-cloud/domain/result.ts';
import type { TimestampNs } from '@decent-cloud/domain/time.ts';
import { codecOf } from '@decent-cloud/kit/candid/codec-cache.ts';
import { CandidError } from '@decent-cloud/kit/candid/shape.ts';
import type { ConsentCall } from '../../flows/consent-subject.ts';
import type { TreasuryError } from '../../flows/treasury-errors.ts';
import { account, accountFromWire, type WireAccount } from './config-wire.ts';
import { DepositRequest, depositFromWire, type WireDepositRequest } from './deposit-wire.ts';
import { Complaint, complaintFromWire, Part, partFromWire } from './dispute-wire.ts';
import type { WireComplaint, WirePart } from './dispute-wire.ts';

/** The longest of these calls is a complaint of 500 characters. */
const MAX_ARG_BYTES = 4_000;
const MAX_NAME_SHOWN = 60;

interface Reader {
  readonly types: IDL.Type[];
  readonly read: (argument: unknown) => Result<ConsentCall, TreasuryError>;
}

const NO_TYPES: IDL.Type[] = [];

const READERS: Readonly<Record<string, Reader>> = {
  deposit: {
    types: [DepositRequest],
    read: (wire) =>
      mapOk(depositFromWire(wire as WireDepositRequest), (request) => ({
        kind: 'deposit',
        request,
      })),
  },
  open_dispute: {
    types: [Complaint],
    read: (wire) =>
      mapOk(complaintFromWire(wire as WireComplaint), (complaint) => ({
        kind: 'open-dispute',
        ...complaint,
      })),
  },
  agree_split: {
    types: [Part],
    read: (wire) =>
      mapOk(partFromWire(wire as WirePart), (part) => ({ kind: 'agree-split', ...part })),
  },
  set_payout_account: {
    types: [account.type],
    read: (wire) =>
      ok({ kind: 'set-payout-account', account: accountFromWire(wire as WireAccount) }),
  },
  cancel_payout_account_change: {
    types: NO_TYPES,
    read: () => ok({ kind: 'cancel-payout-account' }),
  },
  pause_payouts: {
    types: [IDL.Nat64],
    read: (wire) => ok({ kind: 'pause-payouts', until: wire as TimestampNs }),
  },
  resume_payouts: { types: NO_TYPES, read: () => ok({ kind: 'resume-payouts' }) },
};

/**
 * Reads the call that a message is asked for, by the same decoder that the call itself goes through.
 * The bytes are anybody's: what they cost is bounded, and what they are not is said in words.
 */
export function consentCallFromWire({
  method,
  arg,
}: {
  readonly method: string;
  readonly arg: Uint8Array;
}): Result<ConsentCall, string> {
  const reader = Object.hasOwn(READERS, method) ? READERS[method] : undefined;
  if (reader === undefined) {
    const names = Object.keys(READERS).join(', ');
    return err(`There is no message for ${method.slice(0, MAX_NAME_SHOWN)}, only for ${names}.`);
  }
  if (arg.length > MAX_ARG_BYTES) {
    return err(`The argument is longer than ${MAX_ARG_BYTES} bytes.`);
  }
  const call = decode(reader, Uint8Array.from(arg));
  if (call.kind === 'err') return err(`The argument of ${method} is not valid: ${call.error}`);
  return call;
}

function decode({ types, read }: Reader, arg: Uint8Array): Result<ConsentCall, string> {
  try {
    const [value] = codecOf(types).decode(arg);
    const call = read(value);
    return call.kind === 'ok' ? call : err(call.error.message);
  } catch (error) {
    if (error instanceof CandidError) return err(error.message);
    throw error;
  }
}
