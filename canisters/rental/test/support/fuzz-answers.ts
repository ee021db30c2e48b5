import { IDL } from '@dfinity/candid';
import type { Principal } from '@dfinity/principal';
import type { Response } from '@decent-cloud/localnet/core/types.ts';
import type { World } from '@decent-cloud/localnet/testing/world.ts';
import type { FuzzCall } from './fuzz-calls.ts';

/** What no answer may show: places in the code, and faults of the code. */
const LEAKS = [/\n\s+at /, /\.[cm]?[jt]s\b/, /node_modules|\/(home|src|work)\//, /BUG|\[object /];
/** What fools a terminal, or its reader. */
const CONTROL = /(?!\n)[\p{Cc}\u202a-\u202e\u2066-\u2069]/u;
const MESSAGE_MAX = 1_000;
const INSTRUCTIONS_MAX = 20_000_000_000n;
const ARMS = ['RequestError', 'TemporaryError'];

export interface Tally {
  calls: number;
  ok: number;
  refused: number;
  rejected: number;
  instructionsMax: bigint;
  readonly okMethods: Set<string>;
  /** How often each reason was given. */
  readonly leaves: Map<string, number>;
  readonly complaints: string[];
}

export const newTally = (): Tally => ({
  ...{ calls: 0, ok: 0, refused: 0, rejected: 0, instructionsMax: 0n },
  ...{ okMethods: new Set(), leaves: new Map(), complaints: [] },
});

/** Makes the call, and notes what is wrong with its answer. */
export function judge(
  world: World,
  of: { readonly canisterId: Principal; readonly call: FuzzCall; readonly tally: Tally },
): void {
  const { canisterId, call, tally } = of;
  const { response, instructions } = answered(world, canisterId, call);
  tally.calls += 1;
  if (instructions > tally.instructionsMax) tally.instructionsMax = instructions;
  const troubles = [...troublesOf(call, response, tally)];
  if (instructions > INSTRUCTIONS_MAX)
    troubles.push(`took ${instructions.toString()} instructions`);
  const shown = `${call.method} by ${call.sender.toText()} with ${hexOf(call.arg)}`;
  for (const trouble of troubles) tally.complaints.push(`${trouble}: ${shown}`);
}

function answered(world: World, canisterId: Principal, call: FuzzCall) {
  const { sender, method, arg } = call;
  const raw = { canisterId, method, arg };
  if (call.isQuery) {
    const { result, instructions } = world.measure(() => world.replica.query({ sender, ...raw }));
    return { response: result, instructions };
  }
  const pending = world.submit(sender, raw, (reply) => reply);
  const response = world.settle(pending);
  return { response, instructions: pending.instructions() };
}

function* troublesOf(call: FuzzCall, response: Response, tally: Tally): Iterable<string> {
  if (response.kind === 'reject') {
    tally.rejected += 1;
    const { message } = response;
    const isUndecodable = message.includes('the arguments cannot be decoded');
    if (call.isWellTyped || !isUndecodable) yield `rejected, ${message}`;
    yield* troublesOfMessage(message);
    return;
  }
  const [value] = IDL.decode([...call.replyTypes], new Uint8Array(response.data)) as unknown[];
  const refusal = refusalOf(value);
  if (refusal === undefined) {
    tally.ok += 1;
    tally.okMethods.add(call.method);
    return;
  }
  tally.refused += 1;
  yield* troublesOfMessage(refusal.message);
  const [arm = '', leaf] = Object.entries(refusal.kind)[0] ?? [];
  yield* troublesOfArgument(call, leaf?.[0]);
  const name = Object.keys(leaf?.[0] ?? {})[0] ?? 'none';
  tally.leaves.set(name, (tally.leaves.get(name) ?? 0) + 1);
  if (!ARMS.includes(arm) || leaf?.length !== 1) yield `answered ${arm} of ${refusal.message}`;
}

/** Callers find the argument that is wrong by its name. */
function* troublesOfArgument({ fields, isWellTyped }: FuzzCall, leaf: unknown): Iterable<string> {
  if (fields === undefined || !isWellTyped) return;
  const { InvalidArgument: wrong } = leaf as { readonly InvalidArgument?: { argument: string } };
  if (wrong !== undefined && !fields.has(wrong.argument)) yield `named no field: ${wrong.argument}`;
}

interface Refusal {
  readonly kind: Readonly<Record<string, readonly unknown[]>>;
  readonly message: string;
}

function refusalOf(value: unknown): Refusal | undefined {
  if (typeof value !== 'object' || value === null || !('Err' in value)) return undefined;
  return value.Err as Refusal;
}

function* troublesOfMessage(message: string): Iterable<string> {
  const leak = LEAKS.find((pattern) => pattern.test(message));
  if (leak !== undefined) yield `showed ${String(leak)} in ${message}`;
  if (message.length > MESSAGE_MAX) yield `said ${message.length.toString()} characters`;
  if (CONTROL.test(message)) yield `said control characters: ${JSON.stringify(message)}`;
}

const SHOWN_BYTES = 200;

function hexOf(bytes: Uint8Array): string {
  const hex = Buffer.from(bytes.subarray(0, SHOWN_BYTES)).toString('hex');
  return bytes.length > SHOWN_BYTES ? `${hex}… (${bytes.length.toString()} bytes)` : hex;
}
