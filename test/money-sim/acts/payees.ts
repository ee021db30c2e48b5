import type { Principal } from '@dfinity/principal';
import type { Account } from '../../../dist/canisters/treasury/declarations/treasury.did.ts';
import type { Sim } from '../sim.ts';
import { AUTHORS, PROVIDERS, SAVINGS } from '../world/cast.ts';

const DAY_NS = 86_400_000_000_000n;
const MAX_PAUSE_NS = 90n * DAY_NS;

/** A provider or author wants to be paid elsewhere, later, or as before. */
export function changePayee(sim: Sim): void {
  const owner = sim.random.pick([...PROVIDERS, ...AUTHORS] as [Principal, ...Principal[]]);
  const wish = sim.random.weighted({ account: 4, cancel: 1, pause: 3, resume: 2 });
  if (wish === 'account') changeAccount(sim, owner);
  else if (wish === 'cancel') cancelChange(sim, owner);
  else if (wish === 'pause') pause(sim, owner);
  else sim.settle(sim.net.submitAs(owner).resume_payouts());
}

function changeAccount(sim: Sim, owner: Principal): void {
  const account = sim.random.pick<Account>([
    { owner, subaccount: [SAVINGS] },
    { owner, subaccount: [] },
    { owner: sim.random.pick(AUTHORS), subaccount: [new Uint8Array(32).fill(8)] },
  ]);
  const answer = sim.settle(sim.net.submitAs(owner).set_payout_account(account));
  if (answer === undefined) return;
  const [pending] = 'Ok' in answer ? answer.Ok.pending : [];
  if (pending === undefined) {
    sim.wrong('a change of the payout account was not taken');
    return;
  }
  forgetPending(sim, owner);
  sim.known.accountChanges.push({ owner, account, effectiveAtNs: pending.effective_at_ns });
  if (pending.effective_at_ns < sim.now + 2n * DAY_NS) sim.wrong('a new account is used at once');
  sim.count('account-change');
  sim.say('a payee asks for another account');
}

function cancelChange(sim: Sim, owner: Principal): void {
  const answer = sim.settle(sim.net.submitAs(owner).cancel_payout_account_change());
  if (answer !== undefined && 'Ok' in answer) forgetPending(sim, owner);
}

/** What had not taken effect yet never will. */
function forgetPending(sim: Sim, owner: Principal): void {
  const { accountChanges } = sim.known;
  const left = accountChanges.filter(
    (one) => one.owner.compareTo(owner) !== 'eq' || one.effectiveAtNs <= sim.now,
  );
  accountChanges.splice(0, accountChanges.length, ...left);
}

/** Mostly for days; three months is as long as it may be. */
function pause(sim: Sim, owner: Principal): void {
  const forNs = sim.random.pick([
    DAY_NS,
    6n * DAY_NS,
    15n * DAY_NS,
    MAX_PAUSE_NS,
    MAX_PAUSE_NS + 1n,
  ]);
  const untilNs = sim.now + forNs;
  const answer = sim.settle(sim.net.submitAs(owner).pause_payouts(untilNs));
  if (answer === undefined) return;
  if ('Ok' in answer !== forNs <= MAX_PAUSE_NS) sim.wrong('a pause has another limit');
  if ('Ok' in answer) sim.count('pause');
  sim.say('a payee pauses payouts');
}
