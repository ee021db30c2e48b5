import { Actor } from '@dfinity/agent';
import { Ed25519KeyIdentity } from '@dfinity/identity';
import { CKUSDC_LEDGER_ID } from '@decent-cloud/localnet/system/system-ids.ts';
import {
  idlFactory,
  type _SERVICE as Rental,
} from '../../../dist/canisters/rental/declarations/rental.did.ts';
import { okOf, type PersonsCalls } from '../../../scripts/start/demo/demo-calls.ts';
import type { BridgeWorld, WorldCloud } from '../world/bridge-world.ts';
import { newRenterKey } from '../world/renter-key.ts';

const HOUR_NS = 3_600_000_000_000n;
/** 10,000 ckUSDC. */
const FUNDS = 10_000_000_000n;

/** A rental that is quoted, with a renter who has allowed the treasury its price. */
export interface QuotedRental {
  readonly id: bigint;
  readonly calls: PersonsCalls;
  readonly paying: Pick<Rental, 'accept_quote'>;
  readonly amount: bigint;
}

/** Has everything ready for that many rentals, of these offers in turn, but pays for none. */
export async function quoteMany(
  world: BridgeWorld<WorldCloud>,
  wanted: {
    readonly rentals: number;
    readonly renters: number;
    readonly titles: readonly string[];
  },
): Promise<readonly QuotedRental[]> {
  const renters = await Promise.all(
    Array.from({ length: wanted.renters }, () => fundedRenter(world)),
  );
  const share = (of: number): readonly number[] =>
    Array.from({ length: wanted.rentals }, (_, index) => index).filter(
      (index) => index % wanted.renters === of,
    );
  const quoted = await Promise.all(
    renters.map(async (calls, at) => {
      const own: QuotedRental[] = [];
      for (const index of share(at)) {
        own.push(await quoteOne(world, calls, wanted.titles[index % wanted.titles.length] ?? ''));
      }
      return own;
    }),
  );
  return quoted.flat();
}

/** Resolves when the treasury has the money. */
export async function pay({ paying, id, amount }: QuotedRental): Promise<void> {
  const request = { rental_id: id, max_amount: amount, from_subaccount: [] as [] };
  okOf('payment', await paying.accept_quote(request));
}

/**
 * Renters verify the network's signatures on computers of their own: here that would take a third of the
 * time in which all pay, from the process that is to answer the bridge.
 */
function unverified(world: BridgeWorld<WorldCloud>, { rental }: PersonsCalls): Rental {
  const agent = Actor.agentOf(rental);
  if (agent === undefined) throw new Error('BUG: an actor without an agent');
  return Actor.createActor<Rental>(idlFactory, {
    agent,
    canisterId: world.network.deployment.rental,
    blsVerify: () => true,
  });
}

async function fundedRenter(world: BridgeWorld<WorldCloud>): Promise<PersonsCalls> {
  const { network } = world;
  const calls = await world.as(Ed25519KeyIdentity.generate());
  okOf('renter', await calls.rental.put_my_profile({ display_name: 'Renter' }));
  const to = { owner: calls.principal, subaccount: [] as [] };
  await network.as().ledger(CKUSDC_LEDGER_ID).transfer({ to, amount: FUNDS });
  const spender = { owner: network.deployment.treasury, subaccount: [] as [] };
  await calls.ledger(CKUSDC_LEDGER_ID).approve({ spender, amount: FUNDS });
  return calls;
}

async function quoteOne(
  world: BridgeWorld<WorldCloud>,
  calls: PersonsCalls,
  title: string,
): Promise<QuotedRental> {
  const { terms, quote } = okOf(
    'quote',
    await calls.rental.quote_rental({
      offering_id: world.offer(title),
      choice_index: 0,
      term_ns: HOUR_NS,
      ledger: CKUSDC_LEDGER_ID,
      inputs: { values: [], secret_names: [] },
      ssh_keys: [newRenterKey()],
      sealed_secrets: [],
    }),
  );
  const paying = unverified(world, calls);
  return { id: terms.rental_id, calls, paying, amount: quote.amount };
}
