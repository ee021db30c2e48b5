import { IDL } from '@dfinity/candid';
import { beforeAll, describe, expect, it } from 'vitest';
import { ErrorCode, RejectCode } from '../src/core/types.ts';
import { azleSubjectWasm } from './fixtures/invariants/build-azle.ts';
import {
  argOf,
  packSubject,
  resultOf,
  SubjectWorld,
  WASM_MEMORY_LIMIT_BYTES,
} from './fixtures/invariants/subject.ts';
import type { SubjectCode, SubjectMethod } from './fixtures/invariants/subject.ts';
import { compileMotoko } from './fixtures/motoko.ts';
import { httpArg } from './support/mgmt-http.ts';
import { MGMT_MODULE } from './support/mgmt-module.ts';
import { codeOf, decodeResult, encodeArg, MANAGEMENT, relayArg } from './support/mgmt-world.ts';

const NO_ARG = new Uint8Array(IDL.encode([], []));
const HTTP_CYCLES = 100_000_000_000n;

type Language = 'Azle' | 'Motoko';

const modules = new Map<Language, SubjectCode>();

function newWorld(language: Language, seed?: Uint8Array): SubjectWorld {
  const code = modules.get(language);
  if (code === undefined) throw new Error(`no ${language} module`);
  return new SubjectWorld(code, seed);
}

/** A call to the outside, by way of a relay that pays, which is open until `finish` answers it. */
function openCall(world: SubjectWorld) {
  const relay = world.createWith(MGMT_MODULE);
  const arg = encodeArg('http_request', httpArg());
  const ask = { callee: MANAGEMENT, method: 'http_request', cycles: HTTP_CYCLES, arg };
  const id = world.send('forward', [relay, 'relay', relayArg(ask)]);
  world.drain();
  const finish = () => {
    const [outcall] = world.replica.pendingHttpOutcalls();
    if (outcall === undefined) throw new Error('no outcall is open');
    const body = new Uint8Array();
    const answer = { kind: 'reply', status: 200, headers: [], body } as const;
    world.replica.answerHttpOutcall(outcall.id, answer);
    world.drain();
  };
  return { id, finish };
}

beforeAll(async () => {
  const motoko = new URL('./fixtures/invariants/subject.mo', import.meta.url);
  modules.set('Motoko', packSubject(compileMotoko(motoko)));
  modules.set('Azle', packSubject(await azleSubjectWasm()));
});

describe.each<Language>(['Azle', 'Motoko'])('a canister in %s', (language) => {
  it('keeps what a successful update changed', () => {
    const world = newWorld(language);
    const before = world.observe();
    expect(resultOf('change', world.do('change', 3))).toBe(3);
    const after = world.observe();
    expect(after.state).toMatchObject({ heap: 3, stored: 3 });
    expect(after.certifiedData).toEqual(Uint8Array.of(3));
    expect(after.timerNs).toBeGreaterThan(world.replica.timeNs());
    expect(after.cycles).toBe(before.cycles);
  });

  it.each<[SubjectMethod, ErrorCode]>([
    ['changeThenTrap', ErrorCode.CanisterCalledTrap],
    ['changeForever', ErrorCode.CanisterInstructionLimitExceeded],
    ['changeThenRecurse', ErrorCode.CanisterTrapped],
    ['changeThenHoard', ErrorCode.CanisterWasmMemoryLimitExceeded],
  ])('keeps nothing of %s, and lives on (I1, I15)', (method, code) => {
    const world = newWorld(language);
    world.do('change', 3);
    const before = world.observe();
    expect(codeOf(world.do(method, 2))).toBe(code);
    expect(world.observe()).toEqual(before);
    expect(resultOf('change', world.do('change', 1))).toBe(4);
  });

  it('does not send what it sent before it trapped (I1)', () => {
    const world = newWorld(language);
    const peer = world.createSubject();
    const before = world.observe();
    const response = world.do('sendThenTrap', peer, 'change', argOf('change', [5]));
    expect(codeOf(response)).toBe(ErrorCode.CanisterCalledTrap);
    expect(world.observe()).toEqual(before);
    expect(world.replica.canister(peer)?.certifiedData).toEqual(new Uint8Array());
    expect(world.replica.isAtRest()).toBe(true);
  });

  it('undoes only the callback that traps after an await (I2)', () => {
    const world = newWorld(language);
    const peer = world.createSubject();
    const message = world.send('forwardThenTrap', [peer, 'change', argOf('change', [5])]);
    world.drain();
    expect(world.response(message)).toMatchObject({
      kind: 'reject',
      code: RejectCode.CanisterError,
      errorCode: ErrorCode.CanisterCalledTrap,
    });
    expect(world.observe()).toMatchObject({
      state: { heap: 1, stored: 1 },
      certifiedData: Uint8Array.of(1),
    });
    expect(world.replica.canister(peer)?.certifiedData).toEqual(Uint8Array.of(5));
    expect(world.replica.isAtRest()).toBe(true);
  });

  it('answers every request exactly once, whatever became of it (I3)', () => {
    const world = newWorld(language);
    const peer = world.createSubject();
    const sent = [
      world.send('change', [1]),
      world.send('changeThenTrap', [1]),
      world.send('forward', [peer, 'change', argOf('change', [1])]),
      world.send('forward', [peer, 'changeThenTrap', argOf('changeThenTrap', [1])]),
      world.send('forward', [peer, 'no_such_method', NO_ARG]),
      world.send('forward', [world.id, 'change', argOf('change', [1])]),
      world.send('forwardThenTrap', [peer, 'change', argOf('change', [1])]),
      world.send('forwardThenTrap', [peer, 'no_such_method', NO_ARG]),
    ];
    world.drain();
    const answers = sent.map((id) => world.response(id)?.kind);
    const failed = 'reject';
    expect(answers).toEqual(['reply', failed, 'reply', failed, failed, 'reply', failed, failed]);
    expect(world.replica.isAtRest()).toBe(true);
    world.drain();
    expect(sent.map((id) => world.response(id)?.kind)).toEqual(answers);
  });

  it('stops only when its open call has ended, and then does (I6)', () => {
    const world = newWorld(language);
    const { id, finish } = openCall(world);
    const arg = encodeArg('stop_canister', { canister_id: world.id });
    const stop = world.submit({ canisterId: MANAGEMENT, method: 'stop_canister', arg });
    world.drain();
    expect([world.response(id), world.response(stop)]).toEqual([undefined, undefined]);
    expect(world.replica.canister(world.id)?.status).toBe('stopping');
    expect(
      codeOf(world.update({ canisterId: world.id, method: 'change', arg: argOf('change', [1]) })),
    ).toBe(ErrorCode.CanisterStopping);
    finish();
    expect(world.response(id)?.kind).toBe('reply');
    expect(world.response(stop)?.kind).toBe('reply');
    expect(world.replica.canister(world.id)?.status).toBe('stopped');
    world.ask('start_canister', { canister_id: world.id });
    expect(world.look('state')).toMatchObject({ heap: 1, stored: 1 });
  });

  it('leaves the state identical after a query (I7)', () => {
    const world = newWorld(language);
    world.do('change', 3);
    const before = world.replica.stateHash();
    expect(world.look('changeInQuery', 4)).toBe(7);
    expect(world.look('state')).toMatchObject({ heap: 3, stored: 3 });
    expect(world.replica.stateHash()).toEqual(before);
  });

  it('gives a query called as an update, whose changes are dropped (I7)', () => {
    const world = newWorld(language);
    world.do('change', 3);
    const before = world.observe();
    expect(resultOf('changeInQuery', world.do('changeInQuery', 4))).toBe(7);
    expect(world.observe()).toEqual(before);
  });

  it.each([
    ['the old code refuses to leave', 1],
    ['the new code refuses to start', 2],
  ])('stays as it was when %s (I8)', (_what, stage) => {
    const world = newWorld(language);
    world.do('change', 3);
    world.do('refuseUpgrade', stage);
    const before = world.observe();
    expect(codeOf(world.upgrade())).toBe(ErrorCode.CanisterCalledTrap);
    expect(world.observe()).toEqual(before);
    expect(world.look('upgrades')).toBe(0);
    expect(resultOf('change', world.do('change', 1))).toBe(4);
  });

  it('keeps stable state in an upgrade, and starts with a fresh heap (I8)', () => {
    const world = newWorld(language);
    world.do('change', 3);
    const before = world.observe();
    expect(world.upgrade().kind).toBe('reply');
    const after = world.observe();
    expect(after.state).toMatchObject({ heap: 0, stored: 3 });
    expect(after.certifiedData).toEqual(before.certifiedData);
    expect(after.timerNs).toBeUndefined();
    expect(after.moduleHash).not.toEqual(before.moduleHash);
    expect(world.look('upgrades')).toBe(1);
  });

  it('comes to the same state from the same inputs and seed (I13)', () => {
    const play = (seed: number) => {
      const world = newWorld(language, Uint8Array.of(seed));
      world.do('change', 2);
      world.do('changeThenTrap', 2);
      const random = world.do('forward', MANAGEMENT, 'raw_rand', NO_ARG);
      world.do('forwardThenTrap', world.id, 'change', argOf('change', [1]));
      world.upgrade();
      return { random: resultOf('forward', random), hash: world.replica.stateHash() };
    };
    const first = play(1);
    expect(play(1)).toEqual(first);
    expect(play(2).random).not.toEqual(first.random);
  });

  it('has a status that decodes, running and stopped (I16)', () => {
    const world = newWorld(language);
    const arg = { canister_id: world.id };
    const statusOf = () => decodeResult('canister_status', world.manage('canister_status', arg));
    expect(statusOf()).toMatchObject({
      status: { running: null },
      module_hash: [world.replica.canister(world.id)?.moduleHash],
      cycles: world.cycles(world.id),
      settings: { wasm_memory_limit: WASM_MEMORY_LIMIT_BYTES },
    });
    world.ask('stop_canister', arg);
    expect(statusOf()).toMatchObject({ status: { stopped: null } });
  });
});

describe('cleanup after a callback trapped (I2)', () => {
  it('runs the finally of Azle code once, whose changes stay', () => {
    const world = newWorld('Azle');
    const peer = world.createSubject();
    world.do('forwardThenTrap', peer, 'change', argOf('change', [5]));
    expect(world.look('cleanup')).toEqual({ error: 'CleanupCallback', finallyRuns: 1 });
    expect(world.look('state')).toEqual({ heap: 1, stored: 1, locked: false });
  });

  it('keeps the lock of Azle code that takes it for an ordinary error and goes on', () => {
    const world = newWorld('Azle');
    const peer = world.createSubject();
    const response = world.do('swallowCleanup', peer, 'change', argOf('change', [5]));
    expect(codeOf(response)).toBe(ErrorCode.CanisterCalledTrap);
    expect(world.look('state')).toEqual({ heap: 0, stored: 0, locked: true });
  });

  it('frees the continuations of Motoko code, whose lock stays', () => {
    const world = newWorld('Motoko');
    const peer = world.createSubject();
    for (let round = 0; round < 3; round += 1) {
      world.do('forwardThenTrap', peer, 'change', argOf('change', [5]));
    }
    expect(world.look('waiting')).toBe(0n);
    expect(world.look('state')).toEqual({ heap: 3, stored: 3, locked: true });
    const { finish } = openCall(world);
    expect(world.look('waiting')).toBeGreaterThan(0n);
    finish();
    expect(world.look('waiting')).toBe(0n);
  });
});

describe('an Azle canister that returns without an answer (I3)', () => {
  it('is answered for, and its state is kept', () => {
    const world = newWorld('Azle');
    expect(codeOf(world.do('silent'))).toBe(ErrorCode.CanisterDidNotReply);
    expect(world.look('state')).toMatchObject({ heap: 1 });
  });
});
