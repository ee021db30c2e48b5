import type { Principal } from '@dfinity/principal';
import { formatDecimal } from '@decent-cloud/domain/amount.ts';
import type { SearchRow } from '../../../dist/canisters/rental/declarations/rental.did.ts';
import { StartError } from '../start-error.ts';
import { okOf, type PersonsCalls } from './demo-calls.ts';
import type { DemoRenter } from './demo-keys.ts';

const DAY_NS = 86_400_000_000_000n;
const SEARCHED = 50;
const USD_DECIMALS = 8;
/** In the token's smallest units: 500 ckUSDC. */
const FUNDS = 500_000_000n;

/** A rental of the demo renter, paid. */
export interface PaidRental {
  readonly rentalId: bigint;
  readonly escrowId: bigint;
  /** When the payment was confirmed, by this machine's clock. */
  readonly acceptedAtMs: number;
  readonly token: { readonly symbol: string; readonly decimals: number };
  readonly words: string;
}

/** The demo renter, with what paying takes. */
export interface Renting {
  readonly calls: PersonsCalls;
  readonly renter: DemoRenter;
  readonly ledger: Principal;
}

/** Gives the renter money if it has less than half of what it began with; gives the balance. */
export async function fundRenter({ calls, ledger }: Renting, rich: PersonsCalls): Promise<bigint> {
  const owner = calls.principal;
  const balance = await calls.ledger(ledger).balance({ owner, certified: false });
  if (balance >= FUNDS / 2n) return balance;
  await rich.ledger(ledger).transfer({ to: { owner, subaccount: [] }, amount: FUNDS });
  return calls.ledger(ledger).balance({ owner, certified: false });
}

/** Has the renter's account hold the key that passwords are sealed to. */
export async function setUpRenter({ calls, renter }: Renting): Promise<void> {
  okOf(
    'the renter’s key',
    await calls.rental.set_age_key({
      age_recipient: [renter.ageRecipient],
      sealed_age_identity: [],
    }),
  );
}

/** Finds a guest book, has its price locked, allows the treasury the amount, and accepts. */
export async function rentGuestBook(renting: Renting, sshKey: string): Promise<PaidRental> {
  const { calls, ledger } = renting;
  const offer = await findGuestBook(calls);
  const { terms, quote } = okOf(
    'quote',
    await calls.rental.quote_rental({
      offering_id: offer.offering_id,
      choice_index: offer.choice_index,
      term_ns: DAY_NS,
      ledger,
      inputs: {
        values: [
          { name: 'TITLE', value: 'Hello from Decent Cloud' },
          { name: 'PORT', value: '8080' },
        ],
        secret_names: [],
      },
      ssh_keys: [sshKey],
      sealed_secrets: [],
    }),
  );
  const { treasury } = okOf('settings', await calls.rental.settings());
  await calls.ledger(ledger).approve({
    spender: { owner: treasury, subaccount: [] },
    amount: quote.amount + quote.ledger_fee,
  });
  const { receipt } = okOf(
    'payment',
    await calls.rental.accept_quote({
      rental_id: terms.rental_id,
      max_amount: quote.amount,
      from_subaccount: [],
    }),
  );
  const acceptedAtMs = Date.now();
  const { symbol, decimals } = okOf('token', await calls.treasury.get_token(ledger));
  const paid = formatDecimal({ amount: quote.amount, decimals });
  const usd = formatDecimal({ amount: terms.total_usd_e8, decimals: USD_DECIMALS });
  return {
    rentalId: terms.rental_id,
    escrowId: receipt.escrow_id,
    acceptedAtMs,
    token: { symbol, decimals },
    words:
      `“${offer.title}” of ${offer.provider_name} (${offer.machine.machine_type} in ` +
      `${offer.machine.location}) for one day: ${paid} ${symbol} ($${usd}), ` +
      `block ${receipt.block[0]?.toString() ?? '?'}`,
  };
}

async function findGuestBook({ rental }: PersonsCalls): Promise<SearchRow> {
  const { rows } = okOf(
    'search',
    await rental.search_offerings({
      words: 'guest',
      recipe_id: [],
      is_bare: false,
      provider: [],
      backend: [],
      location: [],
      country: [],
      arch: [],
      max_price_per_month_usd_e8: [],
      min_cores: [],
      min_memory_mb: [],
      min_disk_gb: [],
      min_trust: [],
      sort: { Price: null },
      from: [],
      limit: SEARCHED,
    }),
  );
  const rentable = rows.find((row) => row.is_rentable);
  if (rentable !== undefined) return rentable;
  throw new StartError(
    `No guest book can be rented now (${rows[0]?.why_not ?? 'nobody offers one'}). ` +
      'Nothing was paid. Begin anew with --clean if this stays so.',
  );
}
