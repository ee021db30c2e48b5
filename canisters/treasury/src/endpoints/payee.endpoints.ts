import { IDL } from '@dfinity/candid';
import { andThen } from '@decent-cloud/domain/result.ts';
import type { TimestampNs } from '@decent-cloud/domain/time.ts';
import { query, update } from '@decent-cloud/kit/azle/azle.methods.ts';
import type { WireResult } from '@decent-cloud/kit/errors/error-idl.ts';
import { PageArgument, parsePage } from '@decent-cloud/kit/errors/page-argument.ts';
import type { WirePageArgument } from '@decent-cloud/kit/errors/page-argument.ts';
import { canister } from '../composition.ts';
import * as payees from '../flows/change-payee.flow.ts';
import { myPayouts } from '../flows/payout-lines.ts';
import { account, accountFromWire, type WireAccount } from './wire/config-wire.ts';
import { resultOf } from './wire/error-wire.ts';
import { MAX_PAGE, pageResultOf } from './wire/page-wire.ts';
import { payee, payout } from './wire/payee-wire.ts';

const PayeeResult = resultOf(payee);
const PayoutPageResult = pageResultOf(payout);

/** How the caller is paid. Each method is about the caller and nobody else. */
export class PayeeEndpoints {
  /** Account, pending change, pause, minimums and schedule. */
  @query([], PayeeResult.type)
  my_payee(): WireResult<unknown> {
    return PayeeResult.to(payees.myPayee(canister));
  }

  /** Takes effect after the delay; `my_payee` shows a notice until then. */
  @update([account.type], PayeeResult.type)
  set_payout_account(wire: WireAccount): WireResult<unknown> {
    return PayeeResult.to(payees.setPayoutAccount(canister, accountFromWire(wire)));
  }

  /** Only before it took effect. */
  @update([], PayeeResult.type)
  cancel_payout_account_change(): WireResult<unknown> {
    return PayeeResult.to(payees.cancelPayoutAccountChange(canister));
  }

  /** Earnings wait until then; refunds to the caller do not. */
  @update([IDL.Nat64], PayeeResult.type)
  pause_payouts(untilNs: bigint): WireResult<unknown> {
    return PayeeResult.to(payees.pausePayouts(canister, untilNs as TimestampNs));
  }

  /** What waited goes out within a day. */
  @update([], PayeeResult.type)
  resume_payouts(): WireResult<unknown> {
    return PayeeResult.to(payees.resumePayouts(canister));
  }

  /** Transfers to the caller, earnings and refunds. */
  @query([PageArgument], PayoutPageResult.type)
  my_payouts(page: WirePageArgument): WireResult<unknown> {
    const request = parsePage(page, MAX_PAGE);
    return PayoutPageResult.to(andThen(request, (value) => myPayouts(canister, value)));
  }
}
