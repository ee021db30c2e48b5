import type { Principal } from '@dfinity/principal';
import { accountOf } from '@decent-cloud/localnet/system/ledger/core/account.ts';
import type { KnownEscrow } from '../judge/knowledge.ts';
import type { Sim, SimRental } from '../sim.ts';
import { RENTAL, SAVINGS } from '../world/cast.ts';
import { randomTerms } from './random-terms.ts';

const MAX_RENTALS = 4;
const MAX_QUOTES_PER_RENTAL = 4;

/** A renter comes. */
export function openRental(sim: Sim): void {
  if (sim.rentals.length >= MAX_RENTALS) return;
  const terms = randomTerms(sim, BigInt(sim.rentals.length + 1));
  const rental: SimRental = { terms, quotesAsked: 0, quoteId: undefined };
  sim.rentals.push(rental);
  askQuote(sim, rental);
}

/** The rental canister asks again: for a renewal, or because the quote before was not paid. */
export function askAgain(sim: Sim): void {
  const rental = sim.pickFrom(sim.rentals);
  if (rental !== undefined) askQuote(sim, rental);
}

function askQuote(sim: Sim, rental: SimRental): void {
  if (rental.quotesAsked >= MAX_QUOTES_PER_RENTAL) return;
  rental.quotesAsked += 1;
  sim.say(`rental ${rental.terms.rental_id} asks a quote on ${rental.terms.ledger.toText()}`);
  sim.quotes.add({ rental, call: sim.net.submitAs(RENTAL).quote(rental.terms) });
}

/** A renter pays, impatient ones several times at once, from wherever they keep their tokens. */
export function pay(sim: Sim): void {
  const rental = sim.pickFrom(sim.rentals.filter(({ quoteId }) => quoteId !== undefined));
  if (rental?.quoteId === undefined) return;
  const known = sim.known.escrows.get(rental.quoteId);
  if (known !== undefined) payFor(sim, known);
}

function payFor(sim: Sim, known: KnownEscrow): void {
  if (!sim.isLedgerUp({ ledgerId: known.quote.terms.ledger })) return;
  const { random } = sim;
  const subaccount = random.isOneIn(4) ? SAVINGS : undefined;
  approve(sim, known, subaccount);
  const { id, amount, terms } = known.quote;
  for (let clicks = random.pick([1, 1, 2, 3]); clicks > 0; clicks -= 1) {
    const caller = random.isOneIn(3) ? RENTAL : terms.payer;
    const request = {
      escrow_id: id,
      max_amount: random.isOneIn(12) ? amount - 1n : amount,
      from_subaccount: subaccount === undefined ? ([] as []) : ([subaccount] as [Uint8Array]),
    };
    sim.deposits.add({ escrowId: id, call: sim.net.submitAs(caller).deposit(request) });
    sim.say(`escrow ${id} is paid: ${amount} by ${nameOf(caller)}`);
  }
  const source = { owner: terms.payer, subaccount: subaccount === undefined ? [] : [subaccount] };
  known.sources.push(source as KnownEscrow['sources'][number]);
}

/** Mostly far more than is asked for, so that only the treasury keeps it from being taken twice. */
function approve(sim: Sim, { quote }: KnownEscrow, subaccount: Uint8Array | undefined): void {
  const { ledger } = sim.token(quote.terms.ledger);
  const needed = quote.amount + ledger.fee();
  const amount = sim.random.pick([3n * needed, 3n * needed, 3n * needed, needed, needed - 1n]);
  ledger.approve(quote.terms.payer, {
    spender: accountOf(sim.net.treasuryId),
    amount,
    ...(subaccount === undefined ? {} : { subaccount }),
  });
}

/** Reads the answers that came since. */
export function readAnswers(sim: Sim): void {
  for (const asked of sim.quotes) {
    if (!asked.call.isDone()) continue;
    sim.quotes.delete(asked);
    const answer = asked.call.response()?.kind === 'reply' ? asked.call.result() : undefined;
    if (answer === undefined || 'Err' in answer) continue;
    const quote = answer.Ok;
    asked.rental.quoteId = quote.id;
    const known: KnownEscrow = {
      ...{ quote, facts: new Map(), disputesOpened: [], agreements: new Map() },
      ...{ decisions: [], sources: [], receipts: [] },
    };
    sim.known.escrows.set(quote.id, known);
    sim.say(`quote ${quote.id}: ${quote.amount}`);
    if (!sim.random.isOneIn(4)) payFor(sim, known);
  }
  for (const paid of sim.deposits) {
    if (!paid.call.isDone()) continue;
    sim.deposits.delete(paid);
    readReceipt(sim, paid);
  }
}

function readReceipt(
  sim: Sim,
  { escrowId, call }: typeof sim.deposits extends Set<infer T> ? T : never,
) {
  const response = call.response();
  if (response?.kind !== 'reply') return;
  const answer = call.result();
  if ('Err' in answer) {
    sim.say(`payment of ${escrowId}: ${answer.Err.message}`);
    return;
  }
  sim.count('deposit-receipt');
  const known = sim.known.escrows.get(escrowId);
  if (known === undefined || answer.Ok.amount !== known.quote.amount) {
    sim.wrong(`the receipt for escrow ${escrowId} names another amount`);
    return;
  }
  known.receipts.push(answer.Ok.block[0]);
  sim.say(`escrow ${escrowId} has a receipt`);
}

function nameOf(principal: Principal): string {
  return principal.toText().slice(0, 5);
}
