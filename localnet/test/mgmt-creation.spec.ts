import { Principal } from '@dfinity/principal';
import { describe, expect, it } from 'vitest';
import { ErrorCode, RejectCode } from '../src/core/types.ts';
import { MGMT_MODULE } from './support/mgmt-module.ts';
import { ALICE, BOB, codeOf, MgmtWorld, settingsArg, SUBNET_ID } from './support/mgmt-world.ts';

const T = 1_000_000_000_000n;
const CREATE_FEE = T / 2n;

interface Created {
  readonly canister_id: Principal;
}

function idOf(index: number, end = [1, 1]): Principal {
  return Principal.fromUint8Array(Uint8Array.of(0, 0, 0, 0, 0, 0, 0, index, ...end));
}

describe('create_canister', () => {
  it('charges the fee and gives the rest to the new canister, controlled by the caller', () => {
    const world = new MgmtWorld();
    const relay = world.createWith(MGMT_MODULE);
    const before = world.cycles(relay);
    const call = { method: 'create_canister', arg: {}, cycles: 2n * T };
    const { canister_id: id } = world.relayOk(relay, call) as Created;
    expect(world.cycles(id)).toBe(2n * T - CREATE_FEE);
    expect(world.cycles(relay)).toBe(before - 2n * T);
    expect(world.replica.canister(id)?.controllers.map(String)).toEqual([relay.toText()]);
  });

  it('rejects too few cycles and gives them back', () => {
    const world = new MgmtWorld();
    const relay = world.createWith(MGMT_MODULE);
    const before = world.cycles(relay);
    const call = { method: 'create_canister', arg: {}, cycles: CREATE_FEE - 1n };
    const outcome = world.relay(relay, call);
    expect(outcome).toMatchObject({ kind: 'reject', code: RejectCode.CanisterReject });
    expect(outcome.refunded).toBe(CREATE_FEE - 1n);
    expect(world.cycles(relay)).toBe(before);
    expect(world.replica.canisterIds()).toHaveLength(1);
  });

  it('leaves nothing behind if its settings are refused', () => {
    const world = new MgmtWorld();
    const relay = world.createWith(MGMT_MODULE);
    const settings = settingsArg({ compute_allocation: 100n });
    const arg = { settings: [settings] };
    const outcome = world.relay(relay, { method: 'create_canister', arg, cycles: T });
    expect(outcome).toMatchObject({ kind: 'reject', refunded: T });
    expect(world.replica.canisterIds()).toHaveLength(1);
  });

  it('is not for users', () => {
    expect(codeOf(new MgmtWorld().manage('create_canister', {}))).toBe(
      ErrorCode.CanisterRejectedMessage,
    );
  });
});

describe('provisional_create_canister_with_cycles', () => {
  it('gives 100 T cycles unless told otherwise', () => {
    const world = new MgmtWorld();
    const method = 'provisional_create_canister_with_cycles';
    const byDefault = world.ask(method, {}) as Created;
    const given = world.ask(method, { amount: [3n] }) as Created;
    expect(world.cycles(byDefault.canister_id)).toBe(100n * T);
    expect(world.cycles(given.canister_id)).toBe(3n);
  });

  it('creates a canister at a specified id, once', () => {
    const world = new MgmtWorld();
    const method = 'provisional_create_canister_with_cycles';
    const arg = { specified_id: [idOf(2)] };
    expect((world.ask(method, arg) as Created).canister_id.toText()).toBe(idOf(2).toText());
    expect(codeOf(world.manage(method, arg))).toBe(ErrorCode.CanisterIdAlreadyExists);
  });

  it.each([
    ['of another form', idOf(2, [1, 2])],
    ['of a user', ALICE],
    ['of the subnet', SUBNET_ID],
    ['of nobody', Principal.anonymous()],
  ])('refuses an id %s', (_what, id) => {
    const arg = { specified_id: [id] };
    const response = new MgmtWorld().manage('provisional_create_canister_with_cycles', arg);
    expect(codeOf(response)).toBe(ErrorCode.CanisterNotHostedBySubnet);
  });

  it('never hands out an id twice when ids are specified ahead', () => {
    const world = new MgmtWorld();
    const first = world.create();
    const bytes = first.toUint8Array();
    bytes[7] = (bytes[7] ?? 0) + 1;
    const method = 'provisional_create_canister_with_cycles';
    world.ask(method, { specified_id: [Principal.fromUint8Array(bytes)] });
    world.create();
    expect(new Set(world.replica.canisterIds().map(String)).size).toBe(3);
  });
});

describe('update_settings', () => {
  const update = (canister_id: Principal, settings: Record<string, unknown>) => ({
    canister_id,
    settings: settingsArg(settings),
  });

  it('changes only what is given', () => {
    const world = new MgmtWorld();
    const id = world.create({ freezing_threshold: 5n, compute_allocation: 1n });
    world.ask('update_settings', update(id, { freezing_threshold: 9n }));
    const { settings } = world.ask('canister_status', {
      canister_id: id,
    }) as { settings: Record<string, unknown> };
    expect(settings).toMatchObject({ freezing_threshold: 9n, compute_allocation: 1n });
  });

  it('hands control over', () => {
    const world = new MgmtWorld();
    const id = world.create();
    world.ask('update_settings', update(id, { controllers: [BOB] }));
    expect(codeOf(world.manage('update_settings', update(id, {})))).toBe(
      ErrorCode.CanisterInvalidController,
    );
    expect(world.manage('update_settings', update(id, {}), BOB).kind).toBe('reply');
  });

  it('keeps a repeated controller once', () => {
    const world = new MgmtWorld();
    const id = world.create({ controllers: [ALICE, BOB, ALICE] });
    expect(world.replica.canister(id)?.controllers).toHaveLength(2);
  });

  const eleven = Array.from({ length: 11 }, (_, at) =>
    Principal.selfAuthenticating(Uint8Array.of(at)),
  );
  const variables = (count: number, length = 3) =>
    Array.from({ length: count }, (_, at) => ({
      name: at.toString().padStart(length, '0'),
      value: 'x',
    }));

  it.each([
    ['11 controllers', { controllers: eleven }, ErrorCode.InvalidManagementPayload],
    ['compute', { compute_allocation: 101n }, ErrorCode.CanisterContractViolation],
    ['memory', { memory_allocation: 2n ** 48n + 1n }, ErrorCode.CanisterContractViolation],
    ['freezing', { freezing_threshold: 2n ** 64n }, ErrorCode.CanisterContractViolation],
    ['reserved', { reserved_cycles_limit: 2n ** 128n }, ErrorCode.CanisterContractViolation],
    ['wasm memory', { wasm_memory_limit: 2n ** 48n + 1n }, ErrorCode.CanisterContractViolation],
    [
      '11 viewers',
      { log_visibility: { allowed_viewers: eleven } },
      ErrorCode.InvalidManagementPayload,
    ],
    ['21 variables', { environment_variables: variables(21) }, ErrorCode.InvalidManagementPayload],
    [
      'a long name',
      { environment_variables: variables(1, 129) },
      ErrorCode.InvalidManagementPayload,
    ],
    [
      'a repeated name',
      { environment_variables: [...variables(1), ...variables(1)] },
      ErrorCode.InvalidManagementPayload,
    ],
  ])('refuses %s and changes nothing', (_what, settings, code) => {
    const world = new MgmtWorld();
    const id = world.create({ freezing_threshold: 5n });
    const before = world.replica.canister(id)?.controllers;
    const response = world.manage('update_settings', update(id, { ...settings }));
    expect(codeOf(response)).toBe(code);
    expect(world.replica.canister(id)?.controllers).toEqual(before);
  });

  it('accepts every limit exactly', () => {
    const world = new MgmtWorld();
    const id = world.create({}, 10n ** 30n);
    const settings = {
      controllers: eleven.slice(0, 10),
      compute_allocation: 100n,
      freezing_threshold: 1n,
      reserved_cycles_limit: 2n ** 128n - 1n,
      wasm_memory_limit: 2n ** 48n,
      environment_variables: variables(20, 128),
    };
    expect(world.manage('update_settings', update(id, settings)).kind).toBe('reply');
  });

  it('refuses a compute allocation the balance does not cover', () => {
    const world = new MgmtWorld();
    const id = world.create({}, T);
    const response = world.manage('update_settings', update(id, { compute_allocation: 50n }));
    expect(codeOf(response)).toBe(ErrorCode.InsufficientCyclesInComputeAllocation);
    expect(world.ask('canister_status', { canister_id: id })).toMatchObject({
      settings: { compute_allocation: 0n },
    });
  });
});

describe('cycles', () => {
  it('deposit_cycles gives all attached cycles to any canister', () => {
    const world = new MgmtWorld();
    const relay = world.createWith(MGMT_MODULE);
    const id = world.create({ controllers: [] }, 5n);
    const arg = { canister_id: id };
    expect(world.relay(relay, { method: 'deposit_cycles', arg, cycles: T }).refunded).toBe(0n);
    expect(world.cycles(id)).toBe(T + 5n);
  });

  it('deposit_cycles to nobody gives them back', () => {
    const world = new MgmtWorld();
    const relay = world.createWith(MGMT_MODULE);
    const arg = { canister_id: idOf(77) };
    const outcome = world.relay(relay, { method: 'deposit_cycles', arg, cycles: T });
    expect(outcome).toMatchObject({
      kind: 'reject',
      code: RejectCode.DestinationInvalid,
      refunded: T,
    });
  });

  it('anyone may top up provisionally', () => {
    const world = new MgmtWorld();
    const id = world.create({ controllers: [] }, 5n);
    world.ask('provisional_top_up_canister', { canister_id: id, amount: 7n }, BOB);
    expect(world.cycles(id)).toBe(12n);
  });
});

describe('raw_rand', () => {
  it('gives 32 other bytes each time, the same for the same seed', () => {
    const draw = () => {
      const world = new MgmtWorld();
      const relay = world.createWith(MGMT_MODULE);
      const call = { method: 'raw_rand', arg: undefined };
      return [0, 1].map(() => world.relayOk(relay, call) as Uint8Array);
    };
    const [one, other] = draw();
    expect(one).toHaveLength(32);
    expect(other).not.toEqual(one);
    expect(draw()).toEqual([one, other]);
  });
});
