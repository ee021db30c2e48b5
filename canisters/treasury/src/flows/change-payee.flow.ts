import type { Principal } from '@dfinity/principal';
import { ok, type Result } from '@decent-cloud/domain/result.ts';
import type { TimestampNs } from '@decent-cloud/domain/time.ts';
import { invalidArgument } from '@decent-cloud/kit/errors/common-errors.ts';
import { requireUser } from '@decent-cloud/kit/runtime/callers.ts';
import type { Account } from '../core/account.ts';
import type { PayeeEvent } from '../core/events.ts';
import type { Payee } from '../core/payees/payee.ts';
import * as payouts from '../core/payees/payout-account.ts';
import type { PayeeRefusal } from '../core/payees/payout-account.ts';
import { payeeView, type PayeeView } from './payee-view.ts';
import { recordEvent } from './record-event.flow.ts';
import type { TreasuryCanister } from './treasury-canister.ts';
import { refuse, type TreasuryError } from './treasury-errors.ts';

type Canister = Pick<TreasuryCanister, 'runtime' | 'storage'>;

/** How the caller is paid. */
export function myPayee(canister: Canister): Result<PayeeView, TreasuryError> {
  const caller = requireUser(canister.runtime);
  return caller.kind === 'ok' ? ok(payeeView(canister, caller.value)) : caller;
}

/** Asks for another account for the caller's earnings. It is used only after the delay. */
export function setPayoutAccount(
  canister: Canister,
  account: Account,
): Result<PayeeView, TreasuryError> {
  return change(canister, (asked) => {
    const rule = whyNoReceiver(account, canister.runtime.self());
    if (rule !== undefined) {
      return { kind: 'err', error: { kind: 'invalid-argument', argument: 'account', rule } };
    }
    return payouts.requestAccount({ ...asked, account });
  });
}

/** Takes a change back that did not take effect yet. */
export function cancelPayoutAccountChange(canister: Canister): Result<PayeeView, TreasuryError> {
  return change(canister, payouts.cancelAccount);
}

/** Lets the caller's earnings wait. Refunds to the caller do not wait. */
export function pausePayouts(
  canister: Canister,
  until: TimestampNs,
): Result<PayeeView, TreasuryError> {
  return change(canister, (asked) => payouts.pausePayouts({ ...asked, until }));
}

/** Ends a pause. */
export function resumePayouts(canister: Canister): Result<PayeeView, TreasuryError> {
  return change(canister, payouts.resumePayouts);
}

interface Asked {
  readonly payee: Payee | undefined;
  readonly owner: Principal;
  readonly now: TimestampNs;
}

function change(
  canister: Canister,
  decide: (asked: Asked) => Result<PayeeEvent, PayeeRefusal>,
): Result<PayeeView, TreasuryError> {
  const { runtime, storage } = canister;
  const caller = requireUser(runtime);
  if (caller.kind === 'err') return caller;
  const owner = caller.value;
  const at = runtime.time();
  const event = decide({ payee: storage.payees.get(owner), owner, now: at });
  if (event.kind === 'err') return refusePayee(event.error);
  recordEvent(storage, { at, event: event.value });
  return ok(payeeView(canister, owner));
}

/** Nobody could ever use money that is sent there. */
function whyNoReceiver({ owner }: Account, self: Principal): string | undefined {
  if (owner.compareTo(self) === 'eq') return 'must not be an account of the treasury itself';
  const isManagement = owner.toUint8Array().length === 0;
  return isManagement ? 'must belong to somebody; the management canister is nobody' : undefined;
}

function refusePayee(refusal: PayeeRefusal): Result<never, TreasuryError> {
  switch (refusal.kind) {
    case 'invalid-argument':
      return invalidArgument(refusal);
    case 'nothing-pending':
      return refuse(
        { kind: 'not-found' },
        'There is no change of account to cancel: none was asked for, or it took effect already. Nothing changed. To go back, set the account that you want.',
      );
    case 'not-paused':
      return refuse(
        { kind: 'not-found' },
        'Payouts are not paused, so there is nothing to resume. Nothing changed.',
      );
  }
}
