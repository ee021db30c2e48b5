import { describe, expect, it } from 'vitest';
import type { CanisterState } from '../src/core/canister-state.ts';
import { ErrorCode, RejectCode } from '../src/core/types.ts';
import { CALLER_MODULE } from './support/caller-module.ts';
import { KernelWorld, u32Of } from './support/kernel-world.ts';

function target(canister: CanisterState, method: string): Uint8Array {
  return Uint8Array.from([...canister.id.toUint8Array(), ...new TextEncoder().encode(method)]);
}

function pair(): { world: KernelWorld; caller: CanisterState; callee: CanisterState } {
  const world = new KernelWorld({ updateInstructions: 10_000_000n });
  return { world, caller: world.install(CALLER_MODULE), callee: world.install(CALLER_MODULE) };
}

function totalCycles(world: KernelWorld): bigint {
  let sum = 0n;
  for (const canister of world.kernel.canisters.values()) {
    sum += canister.cycles;
    for (const context of canister.contexts.values()) sum += context.cyclesAvailable;
  }
  for (const message of world.kernel.queue) {
    if (message.kind === 'request') sum += message.cycles;
    if (message.kind === 'response') sum += message.cyclesRefunded;
  }
  return sum;
}

describe('an inter-canister call', () => {
  it('brings the reply to the caller, which answers with it', () => {
    const { world, caller, callee } = pair();
    expect(u32Of(world.call(caller, 'forward', target(callee, 'seven')))).toBe(7);
    expect(u32Of(world.query(caller, 'callbacks'))).toBe(1);
  });

  it.each([
    ['refuse', RejectCode.CanisterReject],
    ['boom', RejectCode.CanisterError],
    ['silent', RejectCode.CanisterError],
    ['no_such_method', RejectCode.CanisterError],
  ])('reports failure by reject code: %s', (name, code) => {
    const { world, caller, callee } = pair();
    expect(u32Of(world.call(caller, 'forward', target(callee, name)))).toBe(100 + code);
  });

  it('to a canister that does not exist is rejected as an invalid destination', () => {
    const { world, caller } = pair();
    const nobody = Uint8Array.from([
      ...Array<number>(10).fill(9),
      ...new TextEncoder().encode('x'),
    ]);
    expect(u32Of(world.call(caller, 'forward', nobody))).toBe(100 + RejectCode.DestinationInvalid);
  });

  it('to itself goes through the queue', () => {
    const { world, caller } = pair();
    expect(u32Of(world.call(caller, 'forward', target(caller, 'seven')))).toBe(7);
  });
});

describe('a trap after an await (I2)', () => {
  it.each(['forward_trap_in_callback', 'forward_burn_in_callback'])(
    'undoes only the callback and runs cleanup once: %s',
    (name) => {
      const { world, caller, callee } = pair();
      const response = world.call(caller, name, target(callee, 'seven'));
      expect(response.kind).toBe('reject');
      expect(u32Of(world.query(caller, 'callbacks'))).toBe(0);
      expect(u32Of(world.query(caller, 'cleanups'))).toBe(1);
      const isTrap = name === 'forward_trap_in_callback';
      if (isTrap) expect(u32Of(world.query(caller, 'state'))).toBe(7);
    },
  );

  it('before the call goes out sends nothing and gives cycles back', () => {
    const { world, caller, callee } = pair();
    const before = totalCycles(world);
    const response = world.call(caller, 'forward_then_trap', target(callee, 'seven'));
    expect(response).toMatchObject({ errorCode: ErrorCode.CanisterCalledTrap });
    expect(caller.contexts.size).toBe(0);
    expect(totalCycles(world)).toBe(before);
  });
});

describe('responses (I3)', () => {
  it('come exactly once: a canister that never answers is answered for', () => {
    const { world, caller, callee } = pair();
    expect(world.call(caller, 'forward_no_answer', target(callee, 'seven'))).toMatchObject({
      errorCode: ErrorCode.CanisterDidNotReply,
    });
    expect(world.call(caller, 'silent')).toMatchObject({
      errorCode: ErrorCode.CanisterDidNotReply,
    });
    expect(world.replica.isAtRest()).toBe(true);
  });

  it('may come while other calls of the context are open', () => {
    const { world, caller, callee } = pair();
    expect(u32Of(world.call(caller, 'two_callbacks', target(callee, 'seven')))).toBe(7);
    expect(world.replica.isAtRest()).toBe(true);
  });

  it.each(['reply_twice', 'append_after_reply'])('cannot be given again: %s', (name) => {
    const { world, caller } = pair();
    expect(world.call(caller, name)).toMatchObject({
      errorCode: ErrorCode.CanisterContractViolation,
    });
  });
});

describe('misuse of the call API', () => {
  it.each(['perform_without_new', 'append_without_new', 'cleanup_twice'])('traps: %s', (name) => {
    const { world, caller, callee } = pair();
    expect(world.call(caller, name, target(callee, 'seven'))).toMatchObject({
      errorCode: ErrorCode.CanisterContractViolation,
    });
  });

  it('in a query is a contract violation', () => {
    const { world, caller } = pair();
    expect(world.query(caller, 'call_in_query')).toMatchObject({
      errorCode: ErrorCode.CanisterContractViolation,
    });
  });

  it('stops at 500 open calls to one callee and frees the slots with the responses', () => {
    const { world, caller, callee } = pair();
    expect(u32Of(world.call(caller, 'fill_queue', target(callee, 'seven')))).toBe(500);
    world.tick();
    expect(u32Of(world.call(caller, 'fill_queue', target(callee, 'seven')))).toBe(500);
  });
});

describe('cycles (I4)', () => {
  it.each([
    ['seven', 0n, 1000],
    ['accept_some', 300n, 700],
    ['accept_then_trap', 0n, 0],
  ])('not accepted come back: %s', (name, accepted, refunded) => {
    const { world, caller, callee } = pair();
    const total = totalCycles(world);
    const calleeBefore = callee.cycles;
    world.call(caller, 'forward_cycles', target(callee, name));
    expect(callee.cycles - calleeBefore).toBe(accepted);
    expect(u32Of(world.query(caller, 'refunded'))).toBe(refunded);
    expect(totalCycles(world)).toBe(total);
  });

  it.each(['abandon', 'replace'])('of a call never performed come back: %s', (name) => {
    const { world, caller, callee } = pair();
    const before = caller.cycles;
    world.call(caller, name, target(callee, 'seven'));
    expect(caller.cycles).toBe(before);
  });

  it('to a missing canister come back', () => {
    const { world, caller } = pair();
    const before = caller.cycles;
    const nobody = Uint8Array.from([...Array<number>(10).fill(9), 120]);
    world.call(caller, 'forward_cycles', nobody);
    expect(caller.cycles).toBe(before);
  });
});

describe('composite queries (rule 10)', () => {
  it('call other queries and leave no trace', () => {
    const { world, caller, callee } = pair();
    const before = world.replica.stateHash();
    expect(u32Of(world.query(caller, 'ask', target(callee, 'state')))).toBe(0);
    expect(world.replica.stateHash()).toEqual(before);
  });

  it('cannot call updates, themselves, or be called as updates', () => {
    const { world, caller, callee } = pair();
    const error = 100 + RejectCode.CanisterError;
    expect(u32Of(world.query(caller, 'ask', target(callee, 'seven')))).toBe(error);
    expect(u32Of(world.query(caller, 'ask', target(caller, 'state')))).toBe(error);
    expect(world.call(caller, 'ask')).toMatchObject({
      errorCode: ErrorCode.CompositeQueryCalledInReplicatedMode,
    });
  });
});
