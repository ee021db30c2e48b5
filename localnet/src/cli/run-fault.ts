import { Actor, HttpAgent } from '@dfinity/agent';
import { holderOf } from '../persist/state-lock.ts';
import { FAULT_SERVICE } from '../system/ledger/faults/fault-service.ts';
import { readFault, writeFault } from '../system/ledger/faults/fault-wire.ts';
import type {
  WireArmedFault,
  WireCounters,
  WireRandomFaults,
} from '../system/ledger/faults/faults-snapshot.ts';
import { ANY_METHOD } from '../system/ledger/faults/ledger-faults.ts';
import { FAULT_USAGE, parseFaultArgs, type FaultCommand, type FaultOrder } from './fault-args.ts';
import { UsageError } from './usage-error.ts';

/** `localnet_` methods as a client sees them. */
interface FaultActor {
  readonly localnet_fault: (order: WireArmedFault) => Promise<undefined>;
  readonly localnet_random_faults: (random: WireRandomFaults) => Promise<undefined>;
  readonly localnet_clear_faults: () => Promise<undefined>;
  readonly localnet_release: () => Promise<bigint>;
  readonly localnet_faults: () => Promise<WireArmedFault[]>;
  readonly localnet_fault_counters: () => Promise<WireCounters>;
  readonly localnet_set_fee: (fee: bigint) => Promise<undefined>;
  readonly localnet_mint: (order: {
    readonly to: { readonly owner: unknown; readonly subaccount: [] };
    readonly amount: bigint;
  }) => Promise<bigint>;
  readonly localnet_archive_now: (order: {
    readonly keep_blocks: bigint;
    readonly new_archive: boolean;
  }) => Promise<bigint>;
}

/** `localnet fault`: tells a ledger of the running network to fail. Errors: `UsageError`. */
export async function runFault(args: readonly string[]): Promise<void> {
  process.stdout.write(await faultReport(args));
}

/** Does what the arguments ask for and says what was done, in lines. Errors: `UsageError`. */
export async function faultReport(args: readonly string[]): Promise<string> {
  const command = parseFaultArgs(args);
  if (command === undefined) return FAULT_USAGE;
  const actor = await connect(command);
  return `${await tell(actor, command)}\n`;
}

async function connect({ stateDir, ledgerId }: FaultCommand): Promise<FaultActor> {
  const url = holderOf(stateDir)?.url ?? undefined;
  if (url === undefined) {
    throw new UsageError(`no network runs in ${stateDir}; start one with: localnet start`);
  }
  const agent = await HttpAgent.create({ host: url, shouldFetchRootKey: true });
  const actor = Actor.createActor(() => FAULT_SERVICE, { agent, canisterId: ledgerId.toText() });
  return actor as unknown as FaultActor;
}

async function tell(actor: FaultActor, { ledgerId, order }: FaultCommand): Promise<string> {
  try {
    return await carryOut(actor, order);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    throw new UsageError(`${ledgerId.toText()} refused: ${reasonOf(error.message)}`);
  }
}

/** The part of the client's long message that a person can use. */
function reasonOf(message: string): string {
  return /with message: '([^']*)'/.exec(message)?.[1] ?? message;
}

async function carryOut(actor: FaultActor, order: FaultOrder): Promise<string> {
  switch (order.kind) {
    case 'next': {
      const { method, fault, times } = order;
      for (let count = 0; count < times; count += 1) {
        await actor.localnet_fault({ method, fault: writeFault(fault) });
      }
      return `The next ${times === 1 ? 'call' : `${times} calls`} (${method}): ${fault.kind}.`;
    }
    case 'random': {
      const { fault, probability, seed, method } = order;
      const probabilities = [{ fault: writeFault(fault), probability }];
      const methods: [] | [string[]] = method === ANY_METHOD ? [] : [[method]];
      await actor.localnet_random_faults({ seed, probabilities, methods });
      return `Every call (${method}) with probability ${probability}: ${fault.kind}.`;
    }
    case 'clear':
      await actor.localnet_clear_faults();
      return 'No faults to come.';
    case 'release':
      return `${await actor.localnet_release()} calls go on.`;
    case 'show':
      return show(await actor.localnet_faults(), await actor.localnet_fault_counters());
    case 'set-fee':
      await actor.localnet_set_fee(order.fee);
      return `The fee is ${order.fee}.`;
    case 'mint': {
      const to = { owner: order.to, subaccount: [] as [] };
      return `Block ${await actor.localnet_mint({ to, amount: order.amount })}.`;
    }
    case 'archive': {
      const moved = await actor.localnet_archive_now({ keep_blocks: 0n, new_archive: true });
      return `${moved} blocks moved to an archive.`;
    }
  }
}

function show(armed: readonly WireArmedFault[], counters: WireCounters): string {
  const lines = armed.map(({ method, fault }) => `next       ${method}: ${readFault(fault).kind}`);
  const met = counters.faults.map(({ kind, count }) => `met        ${kind}: ${count}`);
  const { calls, executed_blocks: blocks } = counters;
  return [...lines, ...met, `calls      ${calls}`, `blocks     ${blocks}`].join('\n');
}
