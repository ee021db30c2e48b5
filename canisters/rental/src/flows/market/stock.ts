import { ok, type Result } from '@decent-cloud/domain/result.ts';
import type { CloudAccountId } from '../../core/ids.ts';
import type { MachineChoice } from '../../core/market/catalogue.ts';
import { isStale, orderable, type CatalogueLookup } from '../../core/market/orderable.ts';
import type { RentalCanister } from '../rental-canister.ts';
import { refuse, type RentalError } from '../rental-errors.ts';

/** A cloud account's catalogue, if it is fresh enough to sell by. */
export function freshCatalogue(
  c: RentalCanister,
  account: CloudAccountId,
): Result<CatalogueLookup, RentalError> {
  const { catalogues } = c.storage.market;
  const state = catalogues.state(account);
  if (state !== undefined && !isStale(state.readAt, c.runtime.time())) {
    return ok(catalogues.lookup(account));
  }
  const message =
    'What this cloud has in stock was not read within the last 15 minutes, so nothing of it can ' +
    'be sold at the moment. Nothing was taken. Try again in a few minutes; if it stays so, the ' +
    "seller's agent is not running.";
  return refuse({ kind: 'catalogue-stale', readAt: state?.readAt }, message);
}

/** The numbers of the choices that can be ordered now. */
function orderableChoices(
  c: RentalCanister,
  stock: { readonly lookup: CatalogueLookup; readonly choices: readonly MachineChoice[] },
): readonly number[] {
  const now = c.runtime.time();
  return [...stock.choices.entries()]
    .filter(([, choice]) => orderable(stock.lookup, choice, now).kind === 'ok')
    .map(([index]) => index);
}

/** Refuses a machine, and says which others of the offer can be had. */
export function refuseMachine(
  c: RentalCanister,
  refused: {
    readonly reason: string;
    readonly lookup: CatalogueLookup;
    readonly choices: readonly MachineChoice[];
  },
) {
  const { reason, choices } = refused;
  const alternatives = orderableChoices(c, refused);
  const names = alternatives.map((index) => nameOf(choices[index]));
  const next =
    names.length === 0
      ? 'No other machine of this offer can be had now either: choose another offer, or try later.'
      : `These can be had now: ${names.join(', ')}.`;
  const message = `${capital(reason)}. Nothing was taken. ${next}`;
  return refuse({ kind: 'not-orderable', reason, alternatives }, message);
}

function nameOf(choice: MachineChoice | undefined): string {
  return choice === undefined ? '' : `${choice.machineType} in ${choice.location}`;
}

/** Names of machine types stay as their cloud writes them. */
function capital(reason: string): string {
  const isPlainWord = /^(?:the|this) /.test(reason);
  return isPlainWord ? reason.charAt(0).toUpperCase() + reason.slice(1) : reason;
}
