import type { Principal } from '@dfinity/principal';
import { err, ok, type Result } from '@decent-cloud/domain/result.ts';
import { after, type TimestampNs } from '@decent-cloud/domain/time.ts';
import type { Account } from '../account.ts';
import type { PayeeEvent } from '../events.ts';
import { MAX_PAYOUT_PAUSE_NS, PAYOUT_ACCOUNT_DELAY_NS } from '../escrow/limits.ts';
import type { Payee } from './payee.ts';

export type PayeeRefusal =
  | {
      readonly kind: 'invalid-argument';
      readonly argument: 'account' | 'until';
      readonly rule: string;
    }
  | { readonly kind: 'nothing-pending' }
  | { readonly kind: 'not-paused' };

interface Asked {
  /** What is stored about the owner, if anything. */
  readonly payee: Payee | undefined;
  readonly owner: Principal;
  readonly now: TimestampNs;
}

type Answer = Result<PayeeEvent, PayeeRefusal>;

const SUBACCOUNT_BYTES = 32;

/** What holds at `now`: a change that took effect is the account, a pause that is over is none. */
export function effectivePayee({ payee, owner, now }: Asked): Payee {
  const known = payee ?? {
    owner,
    account: { owner, subaccount: undefined },
    pending: undefined,
    pausedUntil: undefined,
  };
  const { pending, pausedUntil } = known;
  const isDue = pending !== undefined && pending.effectiveAt <= now;
  return {
    owner,
    account: isDue ? pending.account : known.account,
    pending: isDue ? undefined : pending,
    pausedUntil: pausedUntil !== undefined && pausedUntil > now ? pausedUntil : undefined,
  };
}

/** Asks for another account; a change that is still pending is replaced and waits anew. */
export function requestAccount(asked: Asked & { readonly account: Account }): Answer {
  const { owner, account, now } = asked;
  if (account.owner.isAnonymous()) return invalid('account', 'must belong to somebody');
  const { subaccount } = account;
  if (subaccount !== undefined && subaccount.length !== SUBACCOUNT_BYTES) {
    return invalid('account', `a subaccount has ${SUBACCOUNT_BYTES} bytes`);
  }
  const effectiveAt = after(now, PAYOUT_ACCOUNT_DELAY_NS);
  return ok({ kind: 'payout-account-requested', owner, account, effectiveAt });
}

/** Takes back a change that did not take effect yet. */
export function cancelAccount(asked: Asked): Answer {
  if (effectivePayee(asked).pending === undefined) return err({ kind: 'nothing-pending' });
  return ok({ kind: 'payout-account-cancelled', owner: asked.owner });
}

/** Lets payouts wait. What is already on its way is not called back; refunds never wait. */
export function pausePayouts(asked: Asked & { readonly until: TimestampNs }): Answer {
  const { owner, until, now } = asked;
  if (until <= now) return invalid('until', 'must be in the future');
  if (until > after(now, MAX_PAYOUT_PAUSE_NS)) return invalid('until', 'is too far ahead');
  return ok({ kind: 'payouts-paused', owner, until });
}

/** Ends a pause before its time. What waited goes out within a day. */
export function resumePayouts(asked: Asked): Answer {
  if (effectivePayee(asked).pausedUntil === undefined) return err({ kind: 'not-paused' });
  return ok({ kind: 'payouts-resumed', owner: asked.owner });
}

function invalid(argument: 'account' | 'until', rule: string): Answer {
  return err({ kind: 'invalid-argument', argument, rule });
}
