import { IDL } from '@dfinity/candid';
import { Principal } from '@dfinity/principal';
import { describe, expect, it } from 'vitest';
import { err, ok } from '@decent-cloud/domain/result.ts';
import { FakeRuntime, FakeTimers } from '../testing/runtime.fake.ts';
import { runBatch, runInMessages } from './batch.ts';
import { requireController, requireListed, requireUser } from './callers.ts';
import { callTyped } from './typed-call.ts';

const alice = Principal.fromUint8Array(Uint8Array.of(1, 2, 3));
const bob = Principal.fromUint8Array(Uint8Array.of(1, 2, 4));

function runtimeCalledBy(caller: Principal): FakeRuntime {
  const runtime = new FakeRuntime();
  runtime.callerNow = caller;
  runtime.controllers = [alice];
  return runtime;
}

function leafOf(result: ReturnType<typeof requireUser>): string {
  return result.kind === 'ok' ? 'ok' : (result.error.leaf?.kind ?? 'none');
}

describe('caller checks', () => {
  const nobody = Principal.anonymous();

  it('refuse the anonymous principal everywhere', () => {
    const runtime = runtimeCalledBy(nobody);
    runtime.controllers = [nobody];
    expect(leafOf(requireUser(runtime))).toBe('not-authenticated');
    expect(leafOf(requireController(runtime))).toBe('not-authenticated');
    expect(leafOf(requireListed(runtime, () => true))).toBe('not-authenticated');
  });

  it('let a controller pass and refuse another user', () => {
    expect(requireController(runtimeCalledBy(alice))).toEqual(ok(alice));
    expect(leafOf(requireController(runtimeCalledBy(bob)))).toBe('not-allowed');
  });

  it('let somebody on the list pass and refuse another user', () => {
    const isBob = (caller: Principal) => caller.compareTo(bob) === 'eq';
    expect(requireListed(runtimeCalledBy(bob), isBob)).toEqual(ok(bob));
    expect(leafOf(requireListed(runtimeCalledBy(alice), isBob))).toBe('not-allowed');
  });
});

describe('callTyped', () => {
  const typed = {
    canisterId: bob,
    method: 'double',
    argTypes: [IDL.Nat],
    args: [21n],
    replyTypes: [IDL.Nat],
  };

  it('encodes the arguments and decodes the reply', async () => {
    const runtime = new FakeRuntime();
    runtime.answerCall = ({ arg, method }) => {
      expect(method).toBe('double');
      const [value] = IDL.decode([IDL.Nat], arg) as unknown as [bigint];
      return Promise.resolve(ok(new Uint8Array(IDL.encode([IDL.Nat], [value * 2n]))));
    };
    expect(await callTyped(runtime, typed)).toEqual(ok([42n]));
  });

  it('passes a failure on', async () => {
    const runtime = new FakeRuntime();
    const failure = { kind: 'rejected', code: 5, message: 'trapped' } as const;
    runtime.answerCall = () => Promise.resolve(err(failure));
    expect(await callTyped(runtime, typed)).toEqual(err(failure));
  });

  it('keeps a reply that it cannot decode', async () => {
    const runtime = new FakeRuntime();
    const reply = Uint8Array.of(1, 2, 3);
    runtime.answerCall = () => Promise.resolve(ok(reply));
    expect(await callTyped(runtime, typed)).toMatchObject({
      kind: 'err',
      error: { kind: 'undecodable', reply },
    });
  });
});

describe('batches', () => {
  /** Ten steps of 100 instructions each. */
  function tenSteps(runtime: FakeRuntime) {
    const done: number[] = [];
    const step = (): 'more' | 'done' => {
      done.push(done.length);
      runtime.instructionsNow += 100n;
      return done.length < 10 ? 'more' : 'done';
    };
    return { done, step };
  }

  it('stop before the next step once the budget is used', () => {
    const runtime = new FakeRuntime();
    const { done, step } = tenSteps(runtime);
    expect(runBatch(runtime, { step, maxInstructions: 250n })).toBe('more');
    expect(done).toHaveLength(3);
  });

  it('do at least one step however small the budget', () => {
    const runtime = new FakeRuntime();
    const { done, step } = tenSteps(runtime);
    expect(runBatch(runtime, { step, maxInstructions: 1n })).toBe('more');
    expect(done).toHaveLength(1);
  });

  it('go on in later messages until all is done, and no longer', async () => {
    const runtime = new FakeRuntime();
    const timers = new FakeTimers();
    const { done, step } = tenSteps(runtime);
    runInMessages(runtime, timers, { step, maxInstructions: 250n });
    let messages = 1;
    for (;;) {
      runtime.instructionsNow = 0n;
      if (!(await timers.fireNext())) break;
      messages += 1;
    }
    expect(done).toHaveLength(10);
    expect(messages).toBe(4);
  });
});
