import { andThen, ok, type Result } from '@decent-cloud/domain/result.ts';
import { invalidArgument } from '@decent-cloud/kit/errors/common-errors.ts';
import type { Provider } from '../../core/accounts/provider.ts';
import type { CloudAccountId } from '../../core/ids.ts';
import type { MachineChoice, MachineSpec } from '../../core/market/catalogue.ts';
import { offeringTrouble } from '../../core/market/check-offering.ts';
import type { OfferingInput } from '../../core/market/offering.ts';
import { orderable, specOfChoice, type CatalogueLookup } from '../../core/market/orderable.ts';
import { machineMisfit } from '../../core/recipes/machine-fit.ts';
import { resolveRange } from '../recipes/resolve-range.ts';
import type { RentalCanister } from '../rental-canister.ts';
import { refuse, type RentalError } from '../rental-errors.ts';
import { freshCatalogue, refuseMachine } from './stock.ts';

/**
 * Checks what a seller writes against everything it is about: the rules of offers, the seller's own
 * cloud account, what that can order, and the recipe on each of the machines. `before` are the
 * machines that the offer had: as long as they stay, being sold out does not stop an edit.
 */
export function checkOffer(
  c: RentalCanister,
  offer: {
    readonly provider: Provider;
    readonly input: OfferingInput;
    readonly before: readonly MachineChoice[];
  },
): Result<null, RentalError> {
  const { provider, input, before } = offer;
  const trouble = offeringTrouble(input);
  if (trouble !== undefined) return invalidArgument(trouble);
  return andThen(ownAccount(c, provider, input.cloudAccountId), () =>
    andThen(freshCatalogue(c, input.cloudAccountId), (lookup) =>
      andThen(knownMachines(lookup, input.choices), (machines) =>
        andThen(firstCanBeHad(c, { lookup, input, before }), () =>
          recipeFits(c, { input, machines }),
        ),
      ),
    ),
  );
}

function ownAccount(
  c: RentalCanister,
  provider: Provider,
  id: CloudAccountId,
): Result<null, RentalError> {
  const account = c.storage.accounts.cloudAccounts.get(id);
  if (account?.provider !== provider.id) {
    const message =
      `You have no cloud account ${id}. Nothing was changed. ` +
      'Make one with create_cloud_account, or choose one of list_my_cloud_accounts.';
    return refuse({ kind: 'not-found' }, message);
  }
  if (account.validity.kind !== 'invalid') return ok(null);
  const message =
    `The cloud refuses the credentials of ${account.label}: ${account.validity.reason}. ` +
    'Nothing was changed. Replace them and offer again.';
  return refuse({ kind: 'wrong-state', state: 'credentials-invalid' }, message);
}

/** Every machine exists and fits together, whether or not it is to be had now. */
function knownMachines(
  lookup: CatalogueLookup,
  choices: readonly MachineChoice[],
): Result<readonly MachineSpec[], RentalError> {
  const machines: MachineSpec[] = [];
  for (const [index, choice] of choices.entries()) {
    const spec = specOfChoice(lookup, choice);
    if (spec.kind === 'err') {
      const rule = `machine ${index + 1}: ${spec.error.reason}. Nothing was changed`;
      return invalidArgument({ argument: 'choices', rule });
    }
    machines.push(spec.value);
  }
  return ok(machines);
}

function firstCanBeHad(
  c: RentalCanister,
  offer: {
    readonly lookup: CatalogueLookup;
    readonly input: OfferingInput;
    readonly before: readonly MachineChoice[];
  },
): Result<null, RentalError> {
  const { lookup, before } = offer;
  const { choices } = offer.input;
  const [first] = choices;
  if (first === undefined || before.some((one) => isSame(one, first))) return ok(null);
  const found = orderable(lookup, first, c.runtime.time());
  if (found.kind === 'ok') return ok(null);
  return refuseMachine(c, { reason: found.error.reason, lookup, choices });
}

function recipeFits(
  c: RentalCanister,
  offer: { readonly input: OfferingInput; readonly machines: readonly MachineSpec[] },
): Result<null, RentalError> {
  const { recipe: offered } = offer.input;
  if (offered === undefined) return ok(null);
  return andThen(resolveRange(c, offered), ({ recipe, version }) => {
    for (const [index, machine] of offer.machines.entries()) {
      const misfit = machineMisfit(version, machine);
      if (misfit === undefined) continue;
      const what = `${recipe.name} ${version.semver} does not run on machine ${index + 1}`;
      const rule = `${what} (${machine.machineType}): ${misfit}. Nothing was changed`;
      return invalidArgument({ argument: 'choices', rule });
    }
    return ok(null);
  });
}

/** Two choices of one machine. */
export function isSame(one: MachineChoice, other: MachineChoice): boolean {
  return (
    one.machineType === other.machineType &&
    one.location === other.location &&
    one.image === other.image
  );
}
