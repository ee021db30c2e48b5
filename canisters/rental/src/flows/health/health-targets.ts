import { present } from '@decent-cloud/domain/assert.ts';
import type { RentalId } from '@decent-cloud/domain/ids.ts';
import { andThen, mapOk, ok, type Result } from '@decent-cloud/domain/result.ts';
import type { TimestampNs } from '@decent-cloud/domain/time.ts';
import type { CloudAccountId } from '../../core/ids.ts';
import type { ConnectionCard } from '../../core/jobs/job-report.ts';
import { healthWith, NO_INPUTS } from '../../core/recipes/inputs.ts';
import type { HealthCheck, RecipeVersion, VersionRef } from '../../core/recipes/recipe.ts';
import type { Rental } from '../../core/rentals/rental.ts';
import { agentMay, callerAgent } from '../accounts/callers.ts';
import { refuseAgent, works } from '../accounts/worked-account.ts';
import { pageOfIds } from '../page-of-ids.ts';
import { heldVersion } from '../recipes/known-recipe.ts';
import type { RentalCanister } from '../rental-canister.ts';
import type { RentalError } from '../rental-errors.ts';
import type { RentalPageRequest, RowPage } from '../rentals/rental-views.ts';

/** A machine that runs, with all that is needed to see whether it works. */
export interface HealthTarget {
  readonly rentalId: RentalId;
  readonly externalId: string | undefined;
  readonly card: ConnectionCard;
  /** Of what runs now, with the renter's ports; undefined for a bare machine. */
  readonly health: HealthCheck | undefined;
  /** Off by the renter's order, or being worked on. */
  readonly isExcluded: boolean;
  readonly startedAt: TimestampNs;
}

/**
 * Machines that run in a cloud account, for agents that may report about them and for the account's own.
 * Rentals of the account in other states take places of the page, so that it costs the same whatever
 * they are.
 */
export function listHealthTargets(
  c: RentalCanister,
  asked: RentalPageRequest & { readonly cloudAccountId: CloudAccountId },
): Result<RowPage<HealthTarget>, RentalError> {
  const { cloudAccountId, ...request } = asked;
  const { links, rentals } = c.storage.rentals;
  return andThen(mayMeasure(c, cloudAccountId), () =>
    mapOk(
      pageOfIds(links, { kind: 'of-cloud-account', of: cloudAccountId }, request),
      ({ ids, next }) => {
        const versions = new HeldVersions(c);
        const rows = ids.flatMap((id) => {
          const rental = present(rentals.get(id), 'a list names a rental that is gone');
          return targetOf(c, rental, versions) ?? [];
        });
        return { rows, next };
      },
    ),
  );
}

function mayMeasure(c: RentalCanister, id: CloudAccountId): Result<null, RentalError> {
  const caller = callerAgent(c);
  if (caller.kind === 'err') return caller;
  const agent = caller.value;
  const account = c.storage.accounts.cloudAccounts.get(id);
  if (account === undefined) return refuseAgent({ id });
  const { provider } = account;
  const mayReport = agentMay(c, { agent, provider, scope: 'health' });
  return mayReport || works(c, { agent, account, scopes: ['provision'] })
    ? ok(null)
    : refuseAgent({ id });
}

function targetOf(
  c: RentalCanister,
  { id, state, server, deployment }: Rental,
  versions: HeldVersions,
): HealthTarget | undefined {
  if (state.kind !== 'active') return undefined;
  const { card } = present(c.storage.jobs.connections.get(id), 'a machine runs without a card');
  return {
    rentalId: id,
    externalId: server?.externalId,
    card,
    health: deployment === undefined ? undefined : healthOf(c, id, versions.get(deployment)),
    isExcluded: state.power === 'off' || state.operation !== undefined,
    startedAt: state.since,
  };
}

/** While an upgrade is under way, what ran before it still counts. */
function healthOf(
  c: RentalCanister,
  id: RentalId,
  { health, fields }: Pick<RecipeVersion, 'health' | 'fields'>,
): HealthCheck {
  const isFixed = health.kind === 'command' || !fields.some(isPort);
  if (isFixed) return health;
  const config = c.storage.rentals.configs.get(id);
  const { values } = config?.inputsBefore ?? config?.inputs ?? NO_INPUTS;
  return healthWith(health, { fields, values });
}

function isPort({ fieldType }: RecipeVersion['fields'][number]): boolean {
  return fieldType.kind === 'port';
}

/** Many machines run the same version: it is read once for a page. */
class HeldVersions {
  readonly #c: RentalCanister;
  readonly #known = new Map<string, RecipeVersion>();

  constructor(c: RentalCanister) {
    this.#c = c;
  }

  get(ref: VersionRef): RecipeVersion {
    const name = `${ref.recipeId}:${ref.number}`;
    const version = this.#known.get(name) ?? heldVersion(this.#c, ref);
    this.#known.set(name, version);
    return version;
  }
}
