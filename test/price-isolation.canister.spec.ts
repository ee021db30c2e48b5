import { readFileSync } from 'node:fs';
import { Principal } from '@dfinity/principal';
import { accountOf } from '@decent-cloud/localnet/system/ledger/core/account.ts';
import { ICP_LEDGER_ID } from '@decent-cloud/localnet/system/system-ids.ts';
import { ledgerClient } from '@decent-cloud/localnet/testing/ledger-client.ts';
import { OPERATOR } from '@decent-cloud/localnet/testing/world.ts';
import { expect, it } from 'vitest';
import { MINUTE_NS, PriceCanister } from '../canisters/token-value/test/support/price-canister.ts';
import {
  ARBITER,
  depositOf,
  okOf,
  PAYER,
  RENTAL,
  terms,
} from '../canisters/treasury/test/support/treasury-world.ts';
import type { _SERVICE as Treasury } from '../dist/canisters/treasury/declarations/treasury.did.ts';
import { idlFactory } from '../dist/canisters/treasury/declarations/treasury.did.ts';
import { layoutOf } from '../scripts/canisters/layout.ts';

const FEE_E8S = 10_000n;
const FUNDS_E8S = 100_000_000_000n;

function wasmOf(name: 'treasury' | 'rental'): Uint8Array {
  return new Uint8Array(readFileSync(layoutOf(name).output.gzippedWasm));
}

/** All four kinds of sources answer nothing from here on. */
function withSilentSources() {
  const prices = PriceCanister.ready();
  const { world } = prices;
  const treasuryId = world.install({ wasm: wasmOf('treasury') });
  const rentalId = world.install({ wasm: wasmOf('rental') });
  const as = (who: Principal) => world.actor<Treasury>(treasuryId, idlFactory, who);
  const settings = { rental: RENTAL, arbiter: ARBITER, token_value: prices.id };
  okOf(as(OPERATOR).set_settings(settings));
  const token = { ledger: ICP_LEDGER_ID, symbol: 'ICP', decimals: 8, fee: FEE_E8S };
  const rest = { min_payout: 200_000n, has_icrc3_blocks: false, is_enabled: true };
  okOf(as(OPERATOR).set_token({ ...token, ...rest }));
  const ledger = ledgerClient(world, ICP_LEDGER_ID);
  ledger.transfer(Principal.anonymous(), { to: accountOf(PAYER), amount: FUNDS_E8S });
  prices.setEverySource({ Hanging: null });
  world.elapse(6n * MINUTE_NS);
  return { prices, world, treasuryId, rentalId, as, ledger };
}

it('keeps money moving and everything else upgradable while every exchange is silent', () => {
  const { prices, world, treasuryId, rentalId, as, ledger } = withSilentSources();
  const { sources } = prices.guest.get_price_status();
  const silent = sources.filter(({ hanging_since_ns: [since] }) => since !== undefined);
  expect(silent.length).toBeGreaterThan(5);

  // What was measured before is still fresh: a quote, its payment and its start need nobody else.
  const wanted = { ...terms, ledger: ICP_LEDGER_ID };
  const quote = okOf(as(RENTAL).quote(wanted));
  ledger.approve(PAYER, {
    spender: accountOf(treasuryId),
    amount: quote.amount + quote.ledger_fee,
  });
  okOf(as(PAYER).deposit(depositOf(quote.id, quote.amount)));
  const started = { Started: { at_ns: world.timeNs } };
  okOf(as(RENTAL).report_facts([{ escrow_id: quote.id, seq: 1n, fact: started }]));

  // Only token-value itself waits.
  const stopping = world.stop(prices.id);
  world.runUntilIdle();
  expect(stopping.isDone()).toBe(false);
  for (const [canisterId, name] of [
    [treasuryId, 'treasury'],
    [rentalId, 'rental'],
  ] as const) {
    world.complete(world.stop(canisterId));
    expect(world.upgrade({ canisterId, wasm: wasmOf(name) })).toEqual({ kind: 'ok' });
    world.start(canisterId);
  }

  // Nothing new is priced, and what is held goes back all the same.
  world.elapse(20n * MINUTE_NS);
  const refused = as(RENTAL).quote({ ...wanted, rental_id: 8n });
  expect(refused).toMatchObject({ Err: { kind: { TemporaryError: [{ NoPrice: {} }] } } });
  const ended = { Ended: { at_ns: world.timeNs, cause: { RenterCancelled: null } } };
  okOf(as(RENTAL).report_facts([{ escrow_id: quote.id, seq: 2n, fact: ended }]));
  world.elapse(MINUTE_NS);
  const spent = FUNDS_E8S - ledger.balanceOf(accountOf(PAYER));
  // An hour of notice out of thirty days, and the ledger's fees for approving, paying and the refund.
  expect(spent).toBeGreaterThan(quote.amount / 720n);
  expect(spent).toBeLessThan(quote.amount / 720n + 4n * FEE_E8S);
});
