import type { Principal } from '@dfinity/principal';
import type { Actors } from './actors.api.ts';
import { okOf } from './refusal.ts';
import type { Rental } from './wire.ts';

type Caller = Pick<Actors, 'rental'>;

/** A seller has no more than that. */
const MAX_ACCOUNTS = 50;
const PAGE = 20;

/** Credentials as only the agent can read them. */
export interface SealedFor {
  readonly agent: Principal;
  readonly sealed: Uint8Array;
}

/** All of the caller's, the newest first. */
export async function listCloudAccounts({
  rental,
}: Caller): Promise<readonly Rental.CloudAccount[]> {
  return okOf(await rental.list_my_cloud_accounts({ from: [], limit: MAX_ACCOUNTS })).rows;
}

export async function readCloudAccount(
  { rental }: Caller,
  id: bigint,
): Promise<Rental.CloudAccount> {
  return okOf(await rental.get_cloud_account(id));
}

export async function createCloudAccount(
  { rental }: Caller,
  account: Rental.NewCloudAccount,
): Promise<Rental.CloudAccount> {
  return okOf(await rental.create_cloud_account(account));
}

export async function updateCloudAccount(
  { rental }: Caller,
  change: { readonly id: bigint; readonly label: string; readonly maxConcurrentJobs: number },
): Promise<Rental.CloudAccount> {
  const { id, label, maxConcurrentJobs } = change;
  const input = { id, label, max_concurrent_jobs: maxConcurrentJobs };
  return okOf(await rental.update_cloud_account(input));
}

/** The account is unchecked afterwards. */
export async function replaceCredentials(
  { rental }: Caller,
  change: SealedFor & { readonly id: bigint },
): Promise<Rental.CloudAccount> {
  const { id, agent, sealed } = change;
  return okOf(await rental.replace_cloud_credentials({ id, agent, sealed_credentials: sealed }));
}

/** Refused while an offer or a rental uses it. */
export async function deleteCloudAccount({ rental }: Caller, id: bigint): Promise<void> {
  okOf(await rental.delete_cloud_account(id));
}

/** Has the agent try the credentials. */
export async function validateCloudAccount({ rental }: Caller, id: bigint): Promise<void> {
  okOf(await rental.validate_cloud_account(id));
}

/** Has the agent read what the cloud sells. */
export async function refreshCatalogue({ rental }: Caller, id: bigint): Promise<void> {
  okOf(await rental.refresh_catalogue(id));
}

/** After new credentials: has the agent try them, and read what the cloud sells, one after the other. */
export async function startCloudAccount(caller: Caller, id: bigint): Promise<void> {
  await validateCloudAccount(caller, id);
  await refreshCatalogue(caller, id);
}

/** The newest first. */
export async function listAccountJobs(
  { rental }: Caller,
  asked: { readonly id: bigint; readonly from: bigint | undefined },
): Promise<Rental.JobPage> {
  const { id, from } = asked;
  const page: Rental.ListRequest = { from: from === undefined ? [] : [from], limit: PAGE };
  return okOf(await rental.list_account_jobs({ cloud_account_id: id, page }));
}

/** Servers with our labels that no rental has: those that are there first. */
export async function listStrays(
  { rental }: Caller,
  asked: { readonly id: bigint; readonly from: bigint | undefined },
): Promise<Rental.StrayPage> {
  const { id, from } = asked;
  const page: Rental.ListRequest = { from: from === undefined ? [] : [from], limit: PAGE };
  return okOf(await rental.list_strays({ cloud_account_id: id, page }));
}
