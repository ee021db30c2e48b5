import { writeAccount } from '@decent-cloud/localnet/system/ledger/wire/icrc-messages.ts';
import { accountOf } from '@decent-cloud/localnet/system/ledger/core/account.ts';
import type { Sim } from '../sim.ts';
import { CONTROLLER, TREASURER } from '../world/cast.ts';

/** The platform takes out what it collected, or tries to take more. */
export function withdraw(sim: Sim): void {
  const token = sim.random.pick(sim.net.tokens);
  const amount = sim.random.pick<[] | [bigint]>([[], [], [token.fee], [10n ** 18n]]);
  const to = writeAccount(accountOf(TREASURER));
  sim.net.submitAs(CONTROLLER).withdraw_fees({ ledger: token.ledgerId, to, amount });
  sim.count('withdrawal');
  sim.say(`fees in ${token.symbol} are withdrawn`);
}
