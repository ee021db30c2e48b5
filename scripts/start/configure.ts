import { Principal } from '@dfinity/principal';
import type { CanisterName } from '../canisters/layout.ts';
import { configurePrices } from './configure-prices.ts';
import { StartError } from './start-error.ts';
import type { Clients, Deployment } from './wire.ts';

const ICP_LEDGER = Principal.fromText('ryjl3-tyaaa-aaaaa-aaaba-cai');
const ICP_DECIMALS = 8;
const ICP_FEE_E8S = 10_000n;
/** Payouts of less than so many fees wait for more. */
const MIN_PAYOUT_FEES = 20n;

/** What a canister was told on its first start, as read back from its stable memory. */
export interface StoredRecord {
  readonly canister: CanisterName;
  readonly text: string;
  /** True if it was there already: it survived a restart. */
  readonly isKept: boolean;
}

type WireResult<T> = { Ok: T } | { Err: { readonly message: string } };

/**
 * Gives every canister the first record it works with, unless it has it, and reads it back through
 * a query: the deployer's profile, the ICP ledger, where prices come from, who may write to the archive.
 */
export async function configure(clients: Clients, deployment: Deployment): Promise<StoredRecord[]> {
  return [
    await storeProfile(clients.rental),
    await storeToken(clients.treasury),
    await storePrices(clients['token-value']),
    await storeWriter(clients.archive, deployment.rental),
  ];
}

async function storeProfile(rental: Clients['rental']): Promise<StoredRecord> {
  const isKept = 'Ok' in (await rental.get_my_profile());
  if (!isKept) {
    okOf(await rental.put_my_profile({ display_name: 'Local deployer', age_recipient: [] }));
  }
  const profile = okOf(await rental.get_my_profile());
  return { canister: 'rental', text: `account ${profile.id} “${profile.display_name}”`, isKept };
}

async function storeToken(treasury: Clients['treasury']): Promise<StoredRecord> {
  const isKept = 'Ok' in (await treasury.get_token(ICP_LEDGER));
  if (!isKept) {
    const token = {
      ledger: ICP_LEDGER,
      symbol: 'ICP',
      decimals: ICP_DECIMALS,
      fee: ICP_FEE_E8S,
      min_payout: MIN_PAYOUT_FEES * ICP_FEE_E8S,
      has_icrc3_blocks: false,
      is_enabled: true,
    };
    okOf(await treasury.set_token(token));
  }
  const { symbol, fee } = okOf(await treasury.get_token(ICP_LEDGER));
  return { canister: 'treasury', text: `token ${symbol}, fee ${fee} e8s`, isKept };
}

async function storePrices(tokenValue: Clients['token-value']): Promise<StoredRecord> {
  const { sourceCount, symbols, isKept } = await configurePrices(tokenValue);
  const text = `${sourceCount} price sources for ${symbols.join(', ')}`;
  return { canister: 'token-value', text, isKept };
}

async function storeWriter(archive: Clients['archive'], rental: Principal): Promise<StoredRecord> {
  const isKept = await archive.is_writer(rental);
  if (!isKept) okOf(await archive.set_writer(rental, true));
  if (!(await archive.is_writer(rental))) {
    throw new StartError('archive does not know the writer it was given');
  }
  return { canister: 'archive', text: 'rental may write', isKept };
}

function okOf<T>(result: WireResult<T>): T {
  if ('Ok' in result) return result.Ok;
  throw new StartError(`a canister refused its first record: ${result.Err.message}`);
}
