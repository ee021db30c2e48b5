import { userPrincipal } from '@decent-cloud/localnet/testing/replica-world.ts';
import { TokenValueStandIn } from '../../../treasury/test/support/token-value-stand-in.ts';
import { okOf } from './ok-of.ts';
import { LEDGER, OPERATOR_ID, type RentalWorld } from './rental-world.ts';

const USD = 100_000_000n;
export const PRICE = { kind: 'price', usdE8: 5n * USD } as const;
export const LESS = { kind: 'price', usdE8: 4n * USD } as const;

/** The treasury asks a stand-in for prices from now on, which knows them however time jumps. */
export function withPrices(r: RentalWorld): TokenValueStandIn {
  const prices = new TokenValueStandIn();
  const id = userPrincipal('prices');
  r.world.installNative(id, prices.program);
  prices.prices.set(LEDGER.toText(), PRICE);
  const treasury = r.treasury(OPERATOR_ID);
  const settings = okOf(treasury.settings());
  okOf(treasury.set_settings({ ...settings, token_value: id }));
  return prices;
}
