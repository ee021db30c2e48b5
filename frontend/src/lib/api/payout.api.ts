import type { Actors } from './actors.api.ts';
import { okOf } from './refusal.ts';
import type { Treasury } from './wire.ts';

type Caller = Pick<Actors, 'treasury'>;

const PAGE = 50;

/** Where the caller is paid, and when. */
export async function readPayee({ treasury }: Caller): Promise<Treasury.Payee> {
  return okOf(await treasury.my_payee());
}

/** Used for what is planned 48 hours later and after. */
export async function setPayoutAccount(
  { treasury }: Caller,
  account: Treasury.Account,
): Promise<Treasury.Payee> {
  return okOf(await treasury.set_payout_account(account));
}

export async function cancelAccountChange({ treasury }: Caller): Promise<Treasury.Payee> {
  return okOf(await treasury.cancel_payout_account_change());
}

/** Earnings wait until then; refunds do not. */
export async function pausePayouts({ treasury }: Caller, untilNs: bigint): Promise<Treasury.Payee> {
  return okOf(await treasury.pause_payouts(untilNs));
}

/** What waited goes out within a day. */
export async function resumePayouts({ treasury }: Caller): Promise<Treasury.Payee> {
  return okOf(await treasury.resume_payouts());
}

/** The caller's transfers that were planned from then on, the newest first. */
export async function readPayoutsSince(
  { treasury }: Caller,
  sinceNs: bigint,
): Promise<readonly Treasury.Payout[]> {
  const payouts: Treasury.Payout[] = [];
  let from: [] | [bigint] = [];
  do {
    const page: Treasury.PayoutPage = okOf(
      await treasury.my_payouts({ from, limit: PAGE, newest_first: true }),
    );
    const rows = page.rows.map(({ value }) => value);
    const recent = rows.filter(({ planned_at_ns: plannedAt }) => plannedAt >= sinceNs);
    payouts.push(...recent);
    from = recent.length < rows.length ? [] : page.next;
  } while (from.length > 0);
  return payouts;
}
