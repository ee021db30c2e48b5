import { parseArgs } from 'node:util';
import { Principal } from '@dfinity/principal';
import {
  EARLY_REJECT_CODES,
  type EarlyRejectCode,
  type Execution,
  type Fault,
} from '../system/ledger/faults/fault.ts';
import { ANY_METHOD } from '../system/ledger/faults/ledger-faults.ts';
import { ICP_LEDGER_ID } from '../system/system-ids.ts';
import { CKBTC, CKUSDC, CKUSDT, DCT } from '../system/tokens.ts';
import { DEFAULT_STATE_DIR } from './cli-args.ts';
import { UsageError } from './usage-error.ts';

export const FAULT_USAGE = `Makes a ledger of the local network fail.

Usage: localnet fault <ledger> <what> [options]

<ledger> is a canister id or one of ICP, ckBTC, ckUSDC, ckUSDT, DCT.

<what> goes wrong with the next transaction:
  lost-reply               It is final; the caller sees reject code 5
  reject-before            Nothing happens; the caller sees reject --code 2, 3, 4 or 5
  trap-before              Nothing happens; the caller sees reject code 5
  temporarily-unavailable  Nothing happens; the ledger answers TemporarilyUnavailable
  generic-error            The ledger answers GenericError; with --executed it is final
  fee-change               The fee becomes --fee just before
  never-reply              No answer until release; --executes says when it becomes final
  delay-reply              The answer comes --rounds later
  garbage-reply            It is final; the answer is no Candid
  archive-split            Afterwards all blocks move to a new archive canister
or is done at once:
  show                     Faults to come and counters
  clear                    Forgets faults to come
  release                  Lets calls go on that never-reply or delay-reply holds
  set-fee                  Sets the fee to --fee
  mint                     Gives --amount to --to
  archive                  Moves all blocks to a new archive canister

Options:
  --method <name>          Only this method (default ${ANY_METHOD}: whichever transaction comes)
  --times <number>         So many calls (default 1)
  --probability <0 to 1>   Each call by chance instead, until clear; with --seed <number>
  --executes <when>        at-once (default), when-released or never
  --code, --fee, --rounds, --message <text>, --executed, --to <principal>, --amount
  --state-dir <path>       The network (default ${DEFAULT_STATE_DIR})
`;

/** What to tell the ledger. */
export type FaultOrder =
  | {
      readonly kind: 'next';
      readonly fault: Fault;
      readonly method: string;
      readonly times: number;
    }
  | {
      readonly kind: 'random';
      readonly fault: Fault;
      readonly method: string;
      readonly probability: number;
      readonly seed: number;
    }
  | { readonly kind: 'show' | 'clear' | 'release' | 'archive' }
  | { readonly kind: 'set-fee'; readonly fee: bigint }
  | { readonly kind: 'mint'; readonly to: Principal; readonly amount: bigint };

export interface FaultCommand {
  readonly ledgerId: Principal;
  readonly stateDir: string;
  readonly order: FaultOrder;
}

const LEDGERS = new Map<string, Principal>([
  ['icp', ICP_LEDGER_ID],
  ...[CKBTC, CKUSDC, CKUSDT, DCT].map(
    ({ config, ledgerId }) => [config.tokenSymbol.toLowerCase(), ledgerId] as const,
  ),
]);

type Values = ReturnType<typeof parse>['values'];

/** Reads what follows `localnet fault`; undefined asks for help. Errors: `UsageError`. */
export function parseFaultArgs(args: readonly string[]): FaultCommand | undefined {
  const { values, positionals } = parse(args);
  const [ledger, what, ...rest] = positionals;
  if (values.help === true || ledger === undefined || what === undefined) return undefined;
  if (rest.length > 0) throw new UsageError(`unexpected argument "${rest.join(' ')}"`);
  return {
    ledgerId: LEDGERS.get(ledger.toLowerCase()) ?? principalOf('the ledger', ledger),
    stateDir: values['state-dir'] ?? DEFAULT_STATE_DIR,
    order: orderOf(what, values),
  };
}

function parse(args: readonly string[]) {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean' } as const;
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        method: text,
        times: text,
        probability: text,
        seed: text,
        executes: text,
        code: text,
        fee: text,
        rounds: text,
        message: text,
        executed: flag,
        to: text,
        amount: text,
        'state-dir': text,
        help: { ...flag, short: 'h' },
      },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function orderOf(what: string, values: Values): FaultOrder {
  switch (what) {
    case 'show':
    case 'clear':
    case 'release':
    case 'archive':
      return { kind: what };
    case 'set-fee':
      return { kind: 'set-fee', fee: natOf('--fee', values.fee) };
    case 'mint': {
      const to = principalOf('--to', values.to ?? '');
      return { kind: 'mint', to, amount: natOf('--amount', values.amount) };
    }
    default: {
      const fault = faultOf(what, values);
      const method = values.method ?? ANY_METHOD;
      if (values.probability === undefined) {
        return { kind: 'next', fault, method, times: countOf('--times', values.times ?? '1') };
      }
      const probability = Number(values.probability);
      if (values.probability === '' || !(probability >= 0 && probability <= 1)) {
        throw new UsageError('--probability must be a number from 0 to 1');
      }
      return { kind: 'random', fault, method, probability, seed: seedOf(values.seed ?? '0') };
    }
  }
}

function faultOf(what: string, values: Values): Fault {
  switch (what) {
    case 'lost-reply':
    case 'trap-before':
    case 'temporarily-unavailable':
    case 'garbage-reply':
    case 'archive-split':
      return { kind: what };
    case 'reject-before':
      return { kind: what, code: codeOf(values.code) };
    case 'generic-error': {
      const { message = 'something went wrong', executed: isExecuted = false } = values;
      return { kind: what, errorCode: natOf('--code', values.code ?? '1'), message, isExecuted };
    }
    case 'fee-change':
      return { kind: what, fee: natOf('--fee', values.fee) };
    case 'never-reply':
      return { kind: what, executes: executionOf(values.executes ?? 'at-once') };
    case 'delay-reply': {
      const executes = executionOf(values.executes ?? 'at-once');
      if (executes === 'never') throw new UsageError('a delayed call executes; see never-reply');
      return { kind: what, rounds: countOf('--rounds', values.rounds), executes };
    }
    default:
      throw new UsageError(`unknown fault "${what}"; see localnet fault --help`);
  }
}

function codeOf(text: string | undefined): EarlyRejectCode {
  const code = EARLY_REJECT_CODES.find((known) => known.toString() === text);
  if (code !== undefined) return code;
  throw new UsageError(`--code must be one of ${EARLY_REJECT_CODES.join(', ')}`);
}

function executionOf(text: string): Execution {
  if (text === 'at-once' || text === 'when-released' || text === 'never') return text;
  throw new UsageError(`--executes must be at-once, when-released or never, not "${text}"`);
}

function natOf(name: string, text: string | undefined): bigint {
  if (text !== undefined && /^\d+$/.test(text)) return BigInt(text);
  throw new UsageError(`${name} must be a whole number`);
}

const COUNT_MAX = 1_000_000;

function countOf(name: string, text: string | undefined): number {
  const count = natOf(name, text);
  if (count >= 1n && count <= BigInt(COUNT_MAX)) return Number(count);
  throw new UsageError(`${name} must be from 1 to ${COUNT_MAX}`);
}

const SEED_MAX = 0xffff_ffff;

function seedOf(text: string): number {
  const seed = natOf('--seed', text);
  if (seed <= BigInt(SEED_MAX)) return Number(seed);
  throw new UsageError(`--seed must be at most ${SEED_MAX}`);
}

function principalOf(name: string, text: string): Principal {
  try {
    return Principal.fromText(text);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    throw new UsageError(`${name} must be a principal, not "${text}"`);
  }
}
