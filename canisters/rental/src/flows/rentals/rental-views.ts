import { present } from '@decent-cloud/domain/assert.ts';
import { andThen, mapOk, ok, type Result } from '@decent-cloud/domain/result.ts';
import type { AccountId, RentalId } from '@decent-cloud/domain/ids.ts';
import type { DurationNs, TimestampNs } from '@decent-cloud/domain/time.ts';
import type { Backend } from '../../core/accounts/provider.ts';
import type { CloudAccountId } from '../../core/ids.ts';
import type { MachineSpec } from '../../core/market/catalogue.ts';
import type { Rental, RentalState } from '../../core/rentals/rental.ts';
import type { FrozenTerms } from '../../core/rentals/terms.ts';
import type { RentalList } from '../../storage/rentals/rental-links.ts';
import { agentMay, callerAccount, callerAgent, callerProvider } from '../accounts/callers.ts';
import { pageOfIds, type IdPageRequest } from '../page-of-ids.ts';
import type { RentalCanister } from '../rental-canister.ts';
import { refuse, type RentalError } from '../rental-errors.ts';
import { rentalForCaller } from './rental-party.ts';

/** A rental with what was agreed about it. */
export interface RentalView {
  readonly rental: Rental;
  readonly terms: FrozenTerms;
  /** Lines of authorized_keys; none once it has ended. */
  readonly sshKeys: readonly string[];
}

/** One of a list: what is to be seen at a glance. */
export interface RentalRow {
  readonly rentalId: RentalId;
  readonly title: string;
  readonly state: RentalState;
  readonly renter: AccountId;
  readonly provider: AccountId;
  readonly backend: Backend;
  readonly machine: MachineSpec;
  /** `name 1.2.3`; none for a bare machine. */
  readonly recipe: string | undefined;
  readonly termNs: DurationNs;
  readonly createdAt: TimestampNs;
}

/** One of a cloud account, for comparing with what the cloud has. */
export interface ServerRow {
  readonly rentalId: RentalId;
  readonly state: RentalState['kind'];
  /** Of the server that may exist. */
  readonly serverName: string | undefined;
  readonly externalId: string | undefined;
}

export type RentalPageRequest = IdPageRequest<RentalId>;

export interface RowPage<Row> {
  readonly rows: readonly Row[];
  readonly next: RentalId | undefined;
}

/** For its renter, its provider and the operator; nobody else learns whether it exists. */
export function viewRental(c: RentalCanister, id: RentalId): Result<RentalView, RentalError> {
  const { terms, configs } = c.storage.rentals;
  return mapOk(rentalForCaller(c, id), ({ rental }) => ({
    rental,
    terms: present(terms.get(id), 'a rental has no terms'),
    sshKeys: configs.get(id)?.sshKeys ?? [],
  }));
}

/** Rentals of the caller that are still here, the newest first. */
export function myRentals(
  c: RentalCanister,
  request: RentalPageRequest,
): Result<RowPage<RentalRow>, RentalError> {
  return andThen(callerAccount(c), ({ id }) =>
    page(c, { list: { kind: 'of-renter', of: id }, request, rowOf }),
  );
}

/** Paid rentals of the caller's machines that are still here, the newest first. */
export function providerRentals(
  c: RentalCanister,
  request: RentalPageRequest,
): Result<RowPage<RentalRow>, RentalError> {
  return andThen(callerProvider(c), ({ account }) =>
    page(c, { list: { kind: 'of-provider', of: account.id }, request, rowOf }),
  );
}

/** Rentals that may have a server in a cloud account, for the agent that works it and the seller. */
export function accountRentals(
  c: RentalCanister,
  asked: RentalPageRequest & { readonly cloudAccountId: CloudAccountId },
): Result<RowPage<ServerRow>, RentalError> {
  const { cloudAccountId, ...request } = asked;
  return andThen(mayList(c, cloudAccountId), () =>
    page(c, { list: { kind: 'of-cloud-account', of: cloudAccountId }, request, rowOf: serverRow }),
  );
}

function mayList(c: RentalCanister, id: CloudAccountId): Result<null, RentalError> {
  const account = c.storage.accounts.cloudAccounts.get(id);
  const caller = c.runtime.caller();
  const owner = c.storage.accounts.accountOf(caller);
  if (account !== undefined && owner?.id === account.provider) return ok(null);
  const agent = callerAgent(c);
  if (agent.kind === 'err') return agent;
  const mayWork =
    account?.agent.compareTo(agent.value) === 'eq' &&
    agentMay(c, { agent: agent.value, provider: account.provider, scope: 'provision' });
  if (mayWork) return ok(null);
  const message = `There is no cloud account ${id} that this agent works. Do nothing to its servers.`;
  return refuse({ kind: 'not-found' }, message);
}

interface Listing<Row> {
  readonly list: RentalList;
  readonly request: RentalPageRequest;
  readonly rowOf: (c: RentalCanister, rental: Rental) => Row;
}

function page<Row>(
  c: RentalCanister,
  { list, request, rowOf: toRow }: Listing<Row>,
): Result<RowPage<Row>, RentalError> {
  const { links, rentals } = c.storage.rentals;
  return mapOk(pageOfIds(links, list, request), ({ ids, next }) => ({
    rows: ids.map((id) => toRow(c, present(rentals.get(id), 'a list names a rental that is gone'))),
    next,
  }));
}

function rowOf(c: RentalCanister, rental: Rental): RentalRow {
  const terms = present(c.storage.rentals.terms.get(rental.id), 'a rental has no terms');
  const { deployment } = rental;
  return {
    rentalId: rental.id,
    title: terms.offeringTitle,
    state: rental.state,
    renter: rental.renter,
    provider: rental.provider,
    backend: terms.backend,
    machine: present(terms.choices[rental.choiceIndex], 'a machine that was never agreed'),
    recipe: deployment === undefined ? undefined : `${deployment.name} ${deployment.semver}`,
    termNs: terms.termNs,
    createdAt: rental.createdAt,
  };
}

function serverRow(_: RentalCanister, { id, state, server }: Rental): ServerRow {
  return {
    rentalId: id,
    state: state.kind,
    serverName: server?.name,
    externalId: server?.externalId,
  };
}
