import type { Treasury } from '../api/wire.ts';
import { armOf } from './variant.service.ts';

export interface PayoutWords {
  readonly tone: 'good' | 'info' | 'warn' | 'bad';
  readonly label: string;
}

const STATE_WORDS: Readonly<Record<string, PayoutWords>> = {
  Paid: { tone: 'good', label: 'Arrived' },
  OnItsWay: { tone: 'info', label: 'On its way' },
  BeingLookedUp: { tone: 'warn', label: 'Being looked up' },
  NotSent: { tone: 'warn', label: 'Not sent' },
  NeedsALook: { tone: 'bad', label: 'Needs a look' },
};

/** How far a payout is; the treasury's `status` says the same in a sentence. */
export function payoutWords({ state }: Pick<Treasury.Payout, 'state'>): PayoutWords {
  return STATE_WORDS[armOf(state)] ?? { tone: 'warn', label: armOf(state) };
}

/** What it is paid for. */
export function partyText({ party }: Pick<Treasury.Payout, 'party'>): string {
  if ('Provider' in party) return 'Your machine';
  if ('Author' in party) return 'Your recipe';
  return 'Payer' in party ? 'Refund' : 'Platform';
}

export const MAX_PAUSE_DAYS = 90;
const DAY_NS = 86_400n * 1_000_000_000n;
const NS_PER_MS = 1_000_000n;
/** A clock that is a little ahead must not make the longest pause too long. */
const CLOCK_SLACK_NS = 60n * 60n * 1_000_000_000n;

/** Until when a pause of so many days lasts; undefined for what the treasury does not take. */
export function pauseUntilNs(days: string, nowMs: number): bigint | undefined {
  const typed = days.trim();
  if (!/^\d{1,3}$/.test(typed)) return undefined;
  const count = Number(typed);
  if (count < 1 || count > MAX_PAUSE_DAYS) return undefined;
  const untilNs = BigInt(nowMs) * NS_PER_MS + BigInt(count) * DAY_NS;
  return count === MAX_PAUSE_DAYS ? untilNs - CLOCK_SLACK_NS : untilNs;
}
