import { IDL } from '@dfinity/candid';
import type { Principal } from '@dfinity/principal';
import type { NativeContext } from '../../core/native.ts';
import type { Opt } from '../../core/candid-opt.ts';
import {
  CanisterSettings,
  settingsFor,
  type WireSettings,
  type WireSubnetSelection,
} from '../canister-settings.ts';
import { MANAGEMENT_ID } from '../system-ids.ts';
import type { Cmc } from './cmc.ts';
import type { Steps } from './payments.ts';

/** Least cycles that create_canister looks at. Source: dfinity/ic rs/nns/cmc/src/main.rs. */
const MIN_CYCLES = 100_000_000_000n;
/** Kept from a create_canister call that fails. Source: dfinity/ic rs/nns/cmc/src/lib.rs. */
const FAILED_CREATE_PENALTY = 100_000_000n;

const CreateCanister = IDL.Func(
  [IDL.Record({ settings: IDL.Opt(CanisterSettings) })],
  [IDL.Record({ canister_id: IDL.Principal })],
  [],
);

export interface WireSubnetChoice {
  /** The older way to choose; not together with `subnet_selection`. */
  readonly subnet_type: Opt<string>;
  readonly subnet_selection: Opt<WireSubnetSelection>;
}

export interface WireCreateCanister extends WireSubnetChoice {
  readonly settings: Opt<WireSettings>;
}

export type Created =
  | { readonly kind: 'ok'; readonly canisterId: Principal }
  | { readonly kind: 'error'; readonly reason: string };

/** The subnet selection asked for, or why it makes no sense. */
export function readSelection(choice: WireSubnetChoice): Opt<WireSubnetSelection> | string {
  const [type] = choice.subnet_type;
  if (type === undefined) return choice.subnet_selection;
  return choice.subnet_selection.length === 0
    ? [{ Filter: { subnet_type: [type] } }]
    : 'subnet_type and subnet_selection cannot both be set.';
}

/** Creates a canister with the CMC's own cycles. There is one subnet, so one attempt. */
export function* createOnSubnet(
  cmc: Cmc,
  context: NativeContext,
  ask: {
    readonly creator: Principal;
    readonly cycles: bigint;
    readonly selection: Opt<WireSubnetSelection>;
    readonly settings: Opt<WireSettings>;
  },
): Steps<Created> {
  const subnets = cmc.subnets.eligible(ask.creator, ask.selection);
  if (typeof subnets === 'string') return { kind: 'error', reason: subnets };
  if (subnets.length === 0) {
    return { kind: 'error', reason: 'No subnets in which to create a canister.' };
  }
  const shortage = missingCycles(context, ask.cycles);
  if (shortage !== undefined) return { kind: 'error', reason: shortage };
  const settings = [settingsFor(ask.creator, ask.settings)];
  const { response } = yield {
    canisterId: MANAGEMENT_ID,
    method: 'create_canister',
    arg: IDL.encode(CreateCanister.argTypes, [{ settings }]),
    cycles: ask.cycles,
  };
  if (response.kind === 'reject') {
    const reason = `Creating canister failed with code ${response.code}: ${response.message}`;
    return { kind: 'error', reason };
  }
  const [answer] = IDL.decode(CreateCanister.retTypes, new Uint8Array(response.data));
  const { canister_id: canisterId } = answer as unknown as { canister_id: Principal };
  return { kind: 'ok', canisterId };
}

/** Mainnet's CMC mints; here it was given a reserve at genesis, which can run out. */
export function missingCycles(context: NativeContext, cycles: bigint): string | undefined {
  const balance = context.cyclesBalance();
  return balance >= cycles
    ? undefined
    : `The reserve of this network's CMC is down to ${balance.toString()} cycles.`;
}

/** `create_canister`: pays with the cycles attached to the call. */
export function createWithCycles(
  cmc: Cmc,
  context: NativeContext,
  arg: WireCreateCanister,
): Record<string, unknown> | Steps<Record<string, unknown>> {
  const cycles = context.cyclesAvailable();
  if (cycles < MIN_CYCLES) return refunded(cycles, 'Insufficient cycles attached.');
  const selection = readSelection(arg);
  if (typeof selection === 'string') return refunded(cycles, selection);
  return createAndCharge(cmc, context, { cycles, selection, settings: arg.settings });
}

function* createAndCharge(
  cmc: Cmc,
  context: NativeContext,
  ask: {
    readonly cycles: bigint;
    readonly selection: Opt<WireSubnetSelection>;
    readonly settings: Opt<WireSettings>;
  },
): Steps<Record<string, unknown>> {
  const created = yield* createOnSubnet(cmc, context, { ...ask, creator: context.caller });
  if (created.kind === 'ok') {
    context.acceptCycles(ask.cycles);
    return { Ok: created.canisterId };
  }
  context.acceptCycles(FAILED_CREATE_PENALTY);
  return refunded(context.cyclesAvailable(), created.reason);
}

function refunded(cycles: bigint, reason: string): Record<string, unknown> {
  return { Err: { Refunded: { refund_amount: cycles, create_error: reason } } };
}
