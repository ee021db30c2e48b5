import { IDL } from '@dfinity/candid';
import { Principal } from '@dfinity/principal';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ErrorCode, RejectCode } from '../src/core/types.ts';
import { METHODS, UNAVAILABLE } from '../src/mgmt/methods.ts';
import { httpArg } from './support/mgmt-http.ts';
import { MGMT_MODULE } from './support/mgmt-module.ts';
import {
  ALICE,
  BOB,
  codeOf,
  encodeArg,
  MANAGEMENT,
  MgmtWorld,
  RefusedError,
  settingsArg,
} from './support/mgmt-world.ts';

const NO_ARG = new Uint8Array(0);
const BILLION = 1_000_000_000n;

/** A relay canister with a call of its own open: an HTTPS outcall nobody has answered yet. */
function busy(world: MgmtWorld) {
  const relay = world.createWith(MGMT_MODULE);
  const call = { method: 'http_request', arg: httpArg(), cycles: 100n * BILLION };
  const open = world.submitRelayed(relay, call);
  world.tick();
  const finish = () => {
    const [outcall] = world.replica.pendingHttpOutcalls();
    if (outcall === undefined) throw new Error('no outcall is open');
    const answer = { kind: 'reply', status: 200, headers: [], body: NO_ARG } as const;
    world.replica.answerHttpOutcall(outcall.id, answer);
    world.tick();
  };
  return { relay, open, finish };
}

function submit(world: MgmtWorld, method: string, id: Principal) {
  const arg = encodeArg(method, { canister_id: id });
  const message = world.submit({ canisterId: MANAGEMENT, method, arg });
  world.tick();
  return message;
}

describe('stop_canister', () => {
  it('stops an idle canister at once, and again', () => {
    const world = new MgmtWorld();
    const id = world.createWith(MGMT_MODULE);
    world.ask('stop_canister', { canister_id: id });
    world.ask('stop_canister', { canister_id: id });
    expect(world.replica.canister(id)?.status).toBe('stopped');
    const call = world.update({ canisterId: id, method: 'set', arg: Uint8Array.of(1, 0, 0, 0) });
    expect(codeOf(call)).toBe(ErrorCode.CanisterStopped);
  });

  it('waits for open calls, and every waiting call is answered', () => {
    const world = new MgmtWorld();
    const { relay, open, finish } = busy(world);
    const stops = [submit(world, 'stop_canister', relay), submit(world, 'stop_canister', relay)];
    expect(stops.map((id) => world.response(id))).toEqual([undefined, undefined]);
    expect(world.replica.canister(relay)?.status).toBe('stopping');
    const refused = world.update({ canisterId: relay, method: 'grow', arg: NO_ARG });
    expect(codeOf(refused)).toBe(ErrorCode.CanisterStopping);
    finish();
    expect(world.relayed(open)?.kind).toBe('reply');
    expect(stops.map((id) => world.response(id)?.kind)).toEqual(['reply', 'reply']);
    expect(world.replica.canister(relay)?.status).toBe('stopped');
  });

  it('is cancelled by a start', () => {
    const world = new MgmtWorld();
    const { relay, finish } = busy(world);
    const stop = submit(world, 'stop_canister', relay);
    world.ask('start_canister', { canister_id: relay });
    expect(world.response(stop)).toMatchObject({
      kind: 'reject',
      errorCode: ErrorCode.CanisterStoppingCancelled,
    });
    finish();
    expect(world.replica.canister(relay)?.status).toBe('running');
    expect(world.replica.isAtRest()).toBe(true);
  });

  it('does not block others while it waits', () => {
    const world = new MgmtWorld();
    const { relay } = busy(world);
    submit(world, 'stop_canister', relay);
    const other = world.createWith(MGMT_MODULE);
    expect(world.replica.canister(other)?.status).toBe('running');
  });

  it('completes when the code is uninstalled and its calls have returned', () => {
    const world = new MgmtWorld();
    const { relay, open, finish } = busy(world);
    const stop = submit(world, 'stop_canister', relay);
    world.ask('uninstall_code', { canister_id: relay });
    expect(world.response(open)).toMatchObject({ code: RejectCode.CanisterReject });
    finish();
    expect(world.response(stop)?.kind).toBe('reply');
  });

  it('gives back the cycles that came with it', () => {
    const world = new MgmtWorld();
    const relay = world.createWith(MGMT_MODULE);
    const id = world.create({ controllers: [relay] });
    const arg = { canister_id: id };
    const outcome = world.relay(relay, { method: 'stop_canister', arg, cycles: 9n });
    expect(outcome).toMatchObject({ kind: 'reply', refunded: 9n });
  });
});

describe('start_canister', () => {
  it('makes a stopped canister run again with its state', () => {
    const world = new MgmtWorld();
    const id = world.createWith(MGMT_MODULE);
    world.update({ canisterId: id, method: 'set', arg: Uint8Array.of(4, 0, 0, 0) });
    world.ask('stop_canister', { canister_id: id });
    world.ask('start_canister', { canister_id: id });
    const got = world.replica.query({ sender: ALICE, canisterId: id, method: 'get', arg: NO_ARG });
    expect(got).toMatchObject({ kind: 'reply' });
  });
});

describe('delete_canister', () => {
  it('removes a stopped canister and all that was kept of it', () => {
    const world = new MgmtWorld();
    const id = world.create();
    world.ask('upload_chunk', { canister_id: id, chunk: Uint8Array.of(1) });
    world.ask('stop_canister', { canister_id: id });
    world.ask('delete_canister', { canister_id: id });
    expect(world.replica.canister(id)).toBeUndefined();
    expect(codeOf(world.manage('canister_status', { canister_id: id }))).toBe(
      ErrorCode.CanisterNotFound,
    );
    const again = { specified_id: [id] };
    world.ask('provisional_create_canister_with_cycles', again);
    expect(world.ask('stored_chunks', { canister_id: id })).toEqual([]);
  });

  it('refuses a running canister', () => {
    const world = new MgmtWorld();
    const id = world.create();
    expect(codeOf(world.manage('delete_canister', { canister_id: id }))).toBe(
      ErrorCode.CanisterNotStopped,
    );
  });

  it('refuses a canister that deletes itself', () => {
    const world = new MgmtWorld();
    const relay = world.createWith(MGMT_MODULE);
    const arg = { canister_id: relay };
    world.ask('update_settings', {
      canister_id: relay,
      settings: settingsArg({ controllers: [relay] }),
    });
    const outcome = world.relay(relay, { method: 'delete_canister', arg });
    expect(outcome).toMatchObject({ kind: 'reject', code: RejectCode.CanisterError });
    expect(world.replica.canister(relay)).toMatchObject({ id: relay, status: 'running' });
  });
});

describe('who may call', () => {
  const controlled = [
    'start_canister',
    'stop_canister',
    'delete_canister',
    'uninstall_code',
    'upload_chunk',
    'clear_chunk_store',
    'stored_chunks',
    'canister_status',
    'take_canister_snapshot',
    'list_canister_snapshots',
  ];

  it.each(controlled)('%s turns strangers away at the door and inside', (method) => {
    const world = new MgmtWorld();
    const id = world.createWith(MGMT_MODULE);
    const stranger = world.createWith(MGMT_MODULE);
    const arg = { canister_id: id, chunk: Uint8Array.of(1) };
    const call = { canisterId: MANAGEMENT, method, arg: encodeArg(method, arg), sender: BOB };
    expect(() => world.submit(call)).toThrow(RefusedError);
    expect(codeOf(world.manage(method, arg, BOB))).toBe(ErrorCode.CanisterInvalidController);
    const relayed = world.relay(stranger, { method, arg });
    expect(relayed).toMatchObject({ kind: 'reject', code: RejectCode.CanisterError });
    expect(world.replica.canister(id)?.status).toBe('running');
  });

  it('loses the right between the door and the execution', () => {
    const world = new MgmtWorld();
    const id = world.create({ controllers: [ALICE, BOB] });
    const take = world.submit({
      canisterId: MANAGEMENT,
      method: 'update_settings',
      arg: encodeArg('update_settings', {
        canister_id: id,
        settings: settingsArg({ controllers: [ALICE] }),
      }),
    });
    const stop = world.submit({
      canisterId: MANAGEMENT,
      method: 'stop_canister',
      arg: encodeArg('stop_canister', { canister_id: id }),
      sender: BOB,
    });
    world.tick();
    expect(world.response(take)?.kind).toBe('reply');
    expect(world.response(stop)).toMatchObject({
      errorCode: ErrorCode.CanisterInvalidController,
    });
  });

  it.each([...METHODS].filter(([, { route }]) => route === 'canisters').map(([name]) => name))(
    '%s is refused as ingress',
    (method) => {
      const world = new MgmtWorld();
      const arg = new Uint8Array(IDL.encode([], []));
      expect(codeOf(world.manage(method, arg))).toBe(ErrorCode.CanisterRejectedMessage);
    },
  );

  it.each([...UNAVAILABLE.keys()])('%s is said to be missing', (method) => {
    const world = new MgmtWorld();
    const relay = world.createWith(MGMT_MODULE);
    expect(codeOf(world.manage(method, NO_ARG))).toBe(ErrorCode.UnknownManagementMessage);
    const outcome = world.relay(relay, { method, arg: NO_ARG, cycles: 5n });
    expect(outcome).toMatchObject({ kind: 'reject', refunded: 5n });
  });

  it('knows no other methods', () => {
    const world = new MgmtWorld();
    expect(codeOf(world.manage('no_such_method', NO_ARG))).toBe(ErrorCode.CanisterMethodNotFound);
    expect(codeOf(world.query('no_such_method', NO_ARG))).toBe(ErrorCode.CanisterMethodNotFound);
    expect(codeOf(world.query('stop_canister', NO_ARG))).toBe(ErrorCode.CanisterMethodNotFound);
  });
});

describe('bad arguments', () => {
  const world = new MgmtWorld();
  const relay = world.createWith(MGMT_MODULE);
  // An empty record is a whole argument of the creating methods.
  const creating = ['create_canister', 'provisional_create_canister_with_cycles'];
  const method = fc.constantFrom(
    ...[...METHODS.keys()].filter((name) => name !== 'raw_rand' && !creating.includes(name)),
  );
  const wrongTypes = fc.constantFrom(
    new Uint8Array(IDL.encode([], [])),
    new Uint8Array(IDL.encode([IDL.Text], ['x'])),
    new Uint8Array(IDL.encode([IDL.Record({ canister_id: IDL.Text })], [{ canister_id: 'x' }])),
    new Uint8Array(
      IDL.encode([IDL.Record({ canister_id: IDL.Nat })], [{ canister_id: 2n ** 80n }]),
    ),
  );
  const bytes = fc.oneof(wrongTypes, fc.uint8Array({ maxLength: 40 }), truncated());

  function truncated(): fc.Arbitrary<Uint8Array> {
    const whole = encodeArg('canister_status', { canister_id: relay });
    return fc.nat({ max: whole.length - 1 }).map((length) => whole.slice(0, length));
  }

  it('are refused at the door, with no effect', () => {
    fc.assert(
      fc.property(method, bytes, (name, arg) => {
        const hash = world.replica.stateHash();
        const response = world.manage(name, arg);
        const allowed: number[] = [
          ErrorCode.InvalidManagementPayload,
          ErrorCode.CanisterRejectedMessage,
        ];
        expect(allowed).toContain(codeOf(response));
        expect(world.replica.stateHash()).toEqual(hash);
      }),
      { numRuns: 300 },
    );
  });

  it('from a canister are answered once, with all cycles back', () => {
    fc.assert(
      fc.property(method, bytes, (name, arg) => {
        const outcome = world.relay(relay, { method: name, arg, cycles: 10n ** 12n });
        expect(outcome).toMatchObject({ kind: 'reject', refunded: 10n ** 12n });
        expect(world.replica.isAtRest()).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it.each(creating)('of %s do not create anything', (name) => {
    for (const arg of [new Uint8Array(IDL.encode([IDL.Text], ['x'])), Uint8Array.of(1, 2, 3)]) {
      const hash = world.replica.stateHash();
      expect(world.manage(name, arg).kind).toBe('reject');
      expect(world.replica.stateHash()).toEqual(hash);
      const cycles = 10n ** 12n;
      const outcome = world.relay(relay, { method: name, arg, cycles });
      expect(outcome).toMatchObject({ kind: 'reject', refunded: cycles });
    }
  });

  it('a canister id of any length is not found rather than a fault', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 29 }), (idBytes) => {
        const canister_id = Principal.fromUint8Array(idBytes);
        expect(codeOf(world.manage('canister_status', { canister_id }))).toBe(
          ErrorCode.CanisterNotFound,
        );
      }),
    );
  });
});
