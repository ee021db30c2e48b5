import { Decrypter } from 'age-encryption';
import { formatDecimal } from '@decent-cloud/domain/amount.ts';
import { z } from 'zod';
import { StartError } from '../start-error.ts';
import { okOf } from './demo-calls.ts';
import type { ReadyRental } from './follow-rental.ts';
import type { PaidRental, Renting } from './rent-demo.ts';

const PAGE_MS = 10_000;
const SHOWN_MAX = 100;

const credentialsSchema = z.object({
  secrets: z.array(z.object({ name: z.string(), value: z.string() })),
});

/** What is shown of a rental that is ready. */
export interface RentalProof {
  readonly lines: readonly string[];
  /** Of the treasury's books and the ledger; 0 or something is wrong. */
  readonly solvencyDiff: bigint;
}

/** Fetches the service's page, opens the credentials, and reads escrow and books of the treasury. */
export async function proveRental(
  { calls, renter, ledger }: Renting,
  paid: PaidRental,
  ready: ReadyRental,
): Promise<RentalProof> {
  const { rental, treasury } = calls;
  const { symbol, decimals } = paid.token;
  const money = (amount: bigint): string => `${formatDecimal({ amount, decimals })} ${symbol}`;
  const { service_url: url } = ready.card;
  const page = await firstLineOf(url);
  const connection = okOf('connection', await rental.get_connection(paid.rentalId));
  const [sealed] = connection.sealed_credentials;
  const secrets = sealed === undefined ? [] : await opened(sealed, renter.ageIdentity);
  const escrow = okOf('escrow', await treasury.get_escrow(paid.escrowId));
  const books = okOf('solvency', await treasury.solvency(ledger));
  return {
    solvencyDiff: books.difference,
    lines: [
      `Service:    ${url}`,
      `            ${page}`,
      ...secrets.map(({ name, value }) => `            ${name} ${value}`),
      `Escrow ${escrow.escrow_id.toString()}:   ${money(escrow.held)} held of ${money(escrow.deposited)}`,
      `            vested ${money(escrow.vested_now)}, back for a cancel now ` +
        money(escrow.refund_if_cancelled_now),
      `Treasury:   ledger ${money(books.ledger_balance)} = escrow ${money(books.escrow)} + ` +
        `owed ${money(books.owed)} + fees ${money(books.fees)}, off by ${books.difference.toString()}`,
    ],
  };
}

/** The first line of the page at the address. */
async function firstLineOf(url: string): Promise<string> {
  const response = await fetch(url, { signal: AbortSignal.timeout(PAGE_MS) });
  if (!response.ok) {
    throw new StartError(`The service answers ${response.status.toString()} at ${url}.`);
  }
  const [line = ''] = (await response.text()).split('\n');
  return line.slice(0, SHOWN_MAX);
}

async function opened(
  sealed: Uint8Array | number[],
  ageIdentity: string,
): Promise<readonly { readonly name: string; readonly value: string }[]> {
  const decrypter = new Decrypter();
  decrypter.addIdentity(ageIdentity);
  const text = await decrypter.decrypt(Uint8Array.from(sealed), 'text');
  return credentialsSchema.parse(JSON.parse(text)).secrets;
}
