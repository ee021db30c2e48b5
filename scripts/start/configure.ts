import { randomBytes } from 'node:crypto';
import type { Principal } from '@dfinity/principal';
import { formatDecimal } from '@decent-cloud/domain/amount.ts';
import type { CanisterName } from '../canisters/layout.ts';
import { configureTreasury } from './configure-treasury.ts';
import { StartError } from './start-error.ts';
import type { Clients, Deployment } from './wire.ts';

/** What a canister was told on its first start, as read back from its stable memory. */
export interface StoredRecord {
  readonly canister: CanisterName;
  readonly text: string;
  /** True if it was there already: it survived a restart. */
  readonly isKept: boolean;
}

export interface ConfigureOptions {
  readonly deployment: Deployment;
  /** Decides disputes on this network. */
  readonly operator: Principal;
  /** They may report health for every seller, and deliver notifications. */
  readonly platformAgents: readonly Principal[];
  /** Whether token-value knew all of its configuration: see `configurePrices`. */
  readonly arePricesKept: boolean;
}

type WireResult<T> = { Ok: T } | { Err: { readonly message: string } };

/**
 * Gives every canister the first record it works with, unless it has it, and reads it back through
 * a query: the deployer's profile and the market's settings, the tokens it takes, where prices come
 * from, who may write to the archive.
 */
export async function configure(
  clients: Clients,
  options: ConfigureOptions,
): Promise<StoredRecord[]> {
  return [
    await storeMarket(clients.rental, options),
    await storeMoney(clients.treasury, options),
    await storePrices(clients['token-value'], options),
    await storeWriter(clients.archive, options.deployment.rental),
  ];
}

/**
 * In the names and labels of every server that bridges of this network make. Another one for every
 * network: rentals are counted from 0 in each, and none may take over a server of another.
 */
function newInstallation(): string {
  return `local-${randomBytes(3).toString('hex')}`;
}

/** How long closed rentals stay before they move to the archive. */
const RETENTION_NS = 30n * 24n * 3_600n * 1_000_000_000n;

async function storeMarket(
  rental: Clients['rental'],
  { deployment, platformAgents }: ConfigureOptions,
): Promise<StoredRecord> {
  const isKept = 'Ok' in (await rental.settings());
  if (!isKept) {
    const { treasury, archive } = deployment;
    okOf(
      await rental.set_settings({
        treasury,
        archive,
        installation: newInstallation(),
        platform_agents: [...platformAgents],
        retention_ns: RETENTION_NS,
      }),
    );
  }
  const { installation, platform_agents: agents } = okOf(await rental.settings());
  const text = `installation “${installation}”, ${agents.length} platform agents`;
  return { canister: 'rental', text, isKept };
}

async function storeMoney(
  treasury: Clients['treasury'],
  { operator, deployment }: ConfigureOptions,
): Promise<StoredRecord> {
  const settings = {
    rental: deployment.rental,
    arbiter: operator,
    token_value: deployment['token-value'],
  };
  const { symbols, isKept } = await configureTreasury(treasury, settings);
  return { canister: 'treasury', text: `takes ${symbols.join(', ')}`, isKept };
}

async function storePrices(
  tokenValue: Clients['token-value'],
  { arePricesKept: isKept }: ConfigureOptions,
): Promise<StoredRecord> {
  const { sources, tokens } = await tokenValue.get_price_status();
  const prices = tokens.map(({ symbol, usd_e8: [usdE8] }) => `${symbol} ${dollars(usdE8)}`);
  const text = `${sources.length} price sources: ${prices.join(', ')}`;
  return { canister: 'token-value', text, isKept };
}

function dollars(usdE8: bigint | undefined): string {
  return usdE8 === undefined
    ? 'has no price now'
    : `$${formatDecimal({ amount: usdE8, decimals: 8 })}`;
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
