import { Actor } from '@dfinity/agent';
import { IDL } from '@dfinity/candid';
import { Principal } from '@dfinity/principal';
import type { Network } from '../schemas/network.schema.ts';
import type { Actors } from './actors.api.ts';
import { canisterUrl } from './health.api.ts';
import { okOf, okUnless } from './refusal.ts';
import type { Rental, Treasury } from './wire.ts';

const PAGE = 20;
const FIRST = { from: [] as [], limit: PAGE };
const FIRST_ROWS = { ...FIRST, newest_first: true };

/** What each of the platform's own bridges last said of itself; null: never heard of. */
export async function fetchBridges({
  rental,
}: Actors): Promise<
  readonly { readonly agent: Principal; readonly status: Rental.AgentStatus | undefined }[]
> {
  const { platform_agents: agents } = okOf(await rental.settings());
  return Promise.all(
    agents.map(async (agent) => ({
      agent,
      status: okUnless('NotFound', await rental.get_agent(agent)),
    })),
  );
}

/** The text of a canister's `/metrics`, in Prometheus' format. Not certified. */
export async function fetchMetrics(network: Network, canisterId: string): Promise<string> {
  const url = canisterUrl(network, canisterId, '/metrics');
  const response = await fetch(url, { cache: 'no-store' });
  if (!response.ok) throw new Error(`/metrics answered with ${response.status}`);
  return response.text();
}

/** Transfers whose outcome nobody knows. Anybody may look. */
export async function fetchParked({ treasury }: Actors): Promise<readonly Treasury.Transfer[]> {
  return okOf(await treasury.parked_transfers(FIRST_ROWS)).rows.map(({ value }) => value);
}

/** What only controllers may read of the market. */
export interface OperatorView {
  readonly backlog: readonly Rental.KindBacklog[];
  readonly stuck: readonly Rental.Job[];
  readonly refusedFacts: readonly Rental.RefusedFact[];
  readonly facts: Rental.FactStatus;
  readonly archive: Rental.ArchiveStatus;
}

/** Undefined for somebody who is no controller. */
export async function fetchOperatorView({ rental }: Actors): Promise<OperatorView | undefined> {
  const backlog = okUnless('NotAllowed', await rental.job_backlog());
  if (backlog === undefined) return undefined;
  const [stuck, refused, facts, archive] = await Promise.all([
    rental.list_stuck_jobs(FIRST),
    rental.list_refused_facts(FIRST_ROWS),
    rental.fact_status(),
    rental.archive_status(FIRST),
  ]);
  return {
    backlog,
    stuck: okOf(stuck).rows,
    refusedFacts: okOf(refused).rows.map(({ value }) => value),
    facts: okOf(facts),
    archive: okOf(archive),
  };
}

/** Servers of a cloud account that no rental has: for its seller, its agent and controllers. */
export async function fetchStrays(
  { rental }: Actors,
  cloudAccountId: bigint,
): Promise<readonly Rental.Stray[]> {
  return okOf(await rental.list_strays({ cloud_account_id: cloudAccountId, page: FIRST })).rows;
}

interface CanisterStatusService {
  readonly canister_status: (of: { canister_id: Principal }) => Promise<{
    readonly cycles: bigint;
    readonly memory_size: bigint;
    readonly idle_cycles_burned_per_day: bigint;
  }>;
}

const managementIdl: IDL.InterfaceFactory = () =>
  IDL.Service({
    canister_status: IDL.Func(
      [IDL.Record({ canister_id: IDL.Principal })],
      [
        IDL.Record({
          cycles: IDL.Nat,
          memory_size: IDL.Nat,
          idle_cycles_burned_per_day: IDL.Nat,
        }),
      ],
      [],
    ),
  });

/** Cycles and memory of a canister, for its controllers. Source: IC interface specification, canister_status. */
export async function fetchCanisterStatus(
  { agent }: Actors,
  canisterId: string,
): Promise<{ readonly cycles: bigint; readonly memoryBytes: bigint; readonly burnPerDay: bigint }> {
  const canister = Principal.fromText(canisterId);
  const management = Actor.createActor<CanisterStatusService>(managementIdl, {
    agent,
    canisterId: Principal.managementCanister(),
    callTransform: () => ({ effectiveCanisterId: canister }),
    queryTransform: () => ({ effectiveCanisterId: canister }),
  });
  const status = await management.canister_status({ canister_id: canister });
  return {
    cycles: status.cycles,
    memoryBytes: status.memory_size,
    burnPerDay: status.idle_cycles_burned_per_day,
  };
}
