import { IDL } from '@dfinity/candid';
import { init, inspectMessage, msgMethodName, postUpgrade, preUpgrade } from 'azle';
import { query, update } from '@decent-cloud/kit/azle/azle.methods.ts';
import { azleRuntime } from '@decent-cloud/kit/azle/azle.runtime.ts';
import { azleStableStore } from '@decent-cloud/kit/azle/azle.stable-store.ts';
import { azleTimers } from '@decent-cloud/kit/azle/azle.timers.ts';
import { lazy } from '@decent-cloud/kit/candid/lazy-type.ts';
import { refuseUpgradeWithOpenCalls } from '@decent-cloud/kit/guard/open-calls.ts';
import { Guards } from '@decent-cloud/kit/guard/with-guard.ts';
import { runInMessages } from '@decent-cloud/kit/runtime/batch.ts';
import { callTyped } from '@decent-cloud/kit/runtime/typed-call.ts';
import { IdAllocator } from '@decent-cloud/kit/store/id-allocator.ts';
import { armTimers } from '@decent-cloud/kit/timers/timer-registry.ts';
import { decodeText, encodeText } from '@decent-cloud/kit/text-host.ts';
import { mapOk, ok, type Result } from '@decent-cloud/domain/result.ts';

const COUNTERS = { ticks: 0, failingTicks: 1, steps: 2, batchMessages: 3, marks: 4 } as const;
const store = azleStableStore(0);
const count = (counter: number) => new IdAllocator({ store, counter });
const guards = new Guards();

const TASKS = [
  { name: 'tick', everySeconds: 10, run: () => void count(COUNTERS.ticks).next() },
  {
    name: 'fails after waiting',
    everySeconds: 10,
    run: async () => {
      count(COUNTERS.failingTicks).next();
      await callSelf('nothing');
      throw new Error('the task fails');
    },
  },
];

function callSelf(method: string) {
  const canisterId = azleRuntime.self();
  const call = { canisterId, method, argTypes: [], args: [], replyTypes: [] };
  return callTyped(azleRuntime, call);
}

/** Waits `awaits` times and then traps or ends; every wait is a message of its own. */
async function guarded(awaits: number, isTrapping: boolean): Promise<Result<null, never>> {
  for (let turn = 0; turn < awaits; turn += 1) await callSelf('nothing');
  count(COUNTERS.marks).next();
  if (isTrapping) throw new Error('a trap after an await');
  return ok(null);
}

/** A list that is inside itself, as values in ledgers' blocks are. */
const Nested = lazy(() => {
  const nested = IDL.Rec();
  nested.fill(IDL.Vec(nested));
  return nested;
});

/** Lets tests see the kit's promises kept by a real canister. */
class Probe {
  @init([])
  init(): void {
    armTimers(azleTimers, TASKS);
  }

  @postUpgrade([])
  post_upgrade(): void {
    armTimers(azleTimers, TASKS);
  }

  @preUpgrade
  pre_upgrade(): void {
    refuseUpgradeWithOpenCalls(azleRuntime);
  }

  @inspectMessage({ manual: true })
  inspect_message(): boolean {
    return msgMethodName() !== 'refused_by_inspection';
  }

  @update([], IDL.Null)
  refused_by_inspection(): null {
    return null;
  }

  @update([], IDL.Null)
  nothing(): null {
    return null;
  }

  @query([], IDL.Nat32)
  open_calls(): number {
    return azleRuntime.openCalls();
  }

  /** Writes and then throws what is no error. */
  @update([IDL.Bool], IDL.Null)
  async throw_undefined(isAfterAwait: boolean): Promise<null> {
    if (isAfterAwait) await callSelf('nothing');
    count(COUNTERS.marks).next();
    const nothing: unknown = undefined;
    throw nothing;
  }

  @query([Nested], Nested)
  echo(nested: unknown): unknown {
    return nested;
  }

  /** An answer that does not fit its type. */
  @query([], IDL.Record({ amount: IDL.Nat8 }))
  wrong_answer(): { readonly amount: number } {
    return { amount: 256 };
  }

  /** `true` if it ran, `false` if the key was held. */
  @update([IDL.Nat32, IDL.Bool], IDL.Bool)
  async guarded_flow(awaits: number, isTrapping: boolean): Promise<boolean> {
    const result = await guards.withGuard('key', () => guarded(awaits, isTrapping));
    return result.kind === 'ok';
  }

  /** Another canister's answer cannot be decoded; the guarded flow must see that as a value. */
  @update([], IDL.Text)
  async undecodable_reply(): Promise<string> {
    const canisterId = azleRuntime.self();
    const call = { canisterId, method: 'nothing', argTypes: [], args: [], replyTypes: [IDL.Text] };
    const reply = await callTyped(azleRuntime, call);
    return reply.kind === 'ok' ? 'decoded' : reply.error.kind;
  }

  @update([], IDL.Text)
  async call_nobody(): Promise<string> {
    const reply = await callSelf('no_such_method');
    return reply.kind === 'err' && reply.error.kind === 'rejected'
      ? `rejected ${reply.error.code}`
      : 'something else';
  }

  @query([], IDL.Nat32)
  held_guards(): number {
    return guards.heldCount;
  }

  @query([IDL.Nat8], IDL.Nat64)
  counted(counter: number): bigint {
    return BigInt(count(counter).count());
  }

  /** Work for many messages: each step uses several million instructions. */
  @update([IDL.Nat32], IDL.Null)
  start_batch(steps: number): null {
    let left = steps;
    let lastSeen = 0n;
    const step = (): 'more' | 'done' => {
      if (azleRuntime.instructions() < lastSeen || lastSeen === 0n) {
        count(COUNTERS.batchMessages).next();
      }
      for (let spin = 0; spin < 5_000; spin += 1) left += spin % 2 === 0 ? 1 : -1;
      count(COUNTERS.steps).next();
      lastSeen = azleRuntime.instructions();
      left -= 1;
      return left > 0 ? 'more' : 'done';
    };
    runInMessages(azleRuntime, azleTimers, { step, maxInstructions: 30_000_000n });
    return null;
  }

  /** Instructions for making so many objects, all of which are in use. */
  @query([IDL.Nat32], IDL.Nat64)
  cost_of_objects(objects: number): bigint {
    const before = azleRuntime.instructions();
    const made: object[] = [];
    while (made.length < objects) made.push({});
    return azleRuntime.instructions() - before;
  }

  /** Objects that only collecting garbage can free, because each is in itself. */
  @update([IDL.Nat32], IDL.Null)
  leave_garbage(objects: number): null {
    for (let made = 0; made < objects; made += 1) {
      const garbage: { self?: object } = {};
      garbage.self = garbage;
    }
    return null;
  }

  @update([], IDL.Vec(IDL.Nat8))
  async random_bytes(): Promise<Uint8Array> {
    const bytes = mapOk(await azleRuntime.random(), (value) => value);
    return bytes.kind === 'ok' ? bytes.value : new Uint8Array(0);
  }

  /** UTF-8 of strings given as UTF-16 units, lone surrogates included. */
  @query([IDL.Vec(IDL.Vec(IDL.Nat16))], IDL.Vec(IDL.Vec(IDL.Nat8)))
  encode(texts: Uint16Array[]): Uint8Array[] {
    return texts.map((units) => encodeText(String.fromCharCode(...units)));
  }

  /** UTF-16 units of byte sequences, valid UTF-8 or not. */
  @query([IDL.Vec(IDL.Vec(IDL.Nat8))], IDL.Vec(IDL.Vec(IDL.Nat16)))
  decode(sequences: Uint8Array[]): number[][] {
    return sequences.map((bytes) => {
      const text = decodeText(bytes);
      return Array.from({ length: text.length }, (_, index) => text.charCodeAt(index));
    });
  }
}

export { Probe as default };
