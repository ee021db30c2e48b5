import { IDL } from '@dfinity/candid';
import { Principal } from '@dfinity/principal';
import { describe, expect, it } from 'vitest';
import type { CanisterCall } from './canister-call.ts';
import { canisterIdOf } from './canister-range.ts';
import { routeCall } from './call-routing.ts';
import { parseInstanceConfig } from './instance-config.ts';
import { planSubnets } from './subnet-plan.ts';

const PLAN = planSubnets(
  parseInstanceConfig({ subnet_config_set: { nns: {}, application: [{}, {}] } }),
  Principal.selfAuthenticating(Uint8Array.of(7)),
);
const [NNS, FIRST_APP, SECOND_APP] = PLAN.subnets;
const LEDGER = Principal.fromText('ryjl3-tyaaa-aaaaa-aaaba-cai');
const ON_FIRST_APP = canisterIdOf(0x500001n);
const NOWHERE = canisterIdOf(0x7777777n);

function callTo(canisterId: Principal, extra: Partial<CanisterCall> = {}): CanisterCall {
  return {
    sender: Principal.anonymous(),
    canisterId,
    method: 'greet',
    arg: new Uint8Array(),
    effective: { kind: 'none' },
    ...extra,
  };
}

function managementCall(
  method: string,
  args: Record<string, unknown>,
  extra: Partial<CanisterCall> = {},
): CanisterCall {
  const types: Record<string, IDL.Type> = {
    canister_id: IDL.Principal,
    specified_id: IDL.Opt(IDL.Principal),
  };
  const fields = Object.fromEntries(
    Object.keys(args).map((name) => [name, types[name] ?? IDL.Null]),
  );
  const arg = new Uint8Array(IDL.encode([IDL.Record(fields)], [args]));
  return callTo(Principal.managementCanister(), { method, arg, ...extra });
}

const CREATE = 'provisional_create_canister_with_cycles';

describe('routeCall', () => {
  it('sends a call to the subnet of its canister', () => {
    expect(routeCall(PLAN, callTo(LEDGER)).subnet).toBe(NNS);
    expect(routeCall(PLAN, callTo(ON_FIRST_APP)).subnet).toBe(FIRST_APP);
  });

  it('refuses a canister id of no subnet', () => {
    expect(() => routeCall(PLAN, callTo(NOWHERE))).toThrow(/does not belong to any subnet/);
  });

  it('follows the effective subnet and still knows the canister meant', () => {
    const id = SECOND_APP?.id ?? NOWHERE;
    const route = routeCall(PLAN, callTo(ON_FIRST_APP, { effective: { kind: 'subnet', id } }));
    expect(route.subnet).toBe(SECOND_APP);
    expect(route.subject?.toText()).toBe(ON_FIRST_APP.toText());
  });

  it('refuses an effective subnet that does not exist', () => {
    const effective = { kind: 'subnet', id: Principal.anonymous() } as const;
    expect(() => routeCall(PLAN, callTo(LEDGER, { effective }))).toThrow(/not found/);
  });

  it('sends a management call to the subnet of the canister it names', () => {
    const call = managementCall('start_canister', { canister_id: LEDGER });
    expect(routeCall(PLAN, call).subnet).toBe(NNS);
  });

  it('needs an effective principal for a management call that names no canister', () => {
    expect(() => routeCall(PLAN, managementCall('raw_rand', {}))).toThrow(
      /Effective principal must be specified/,
    );
  });

  it('creates on the default subnet unless an id is specified', () => {
    expect(routeCall(PLAN, managementCall(CREATE, {})).subnet).toBe(FIRST_APP);
    const specified = managementCall(CREATE, { specified_id: [LEDGER] });
    expect(routeCall(PLAN, specified).subnet).toBe(NNS);
  });

  it('refuses to create a canister with an id of no subnet', () => {
    const call = managementCall(CREATE, { specified_id: [NOWHERE] });
    expect(() => routeCall(PLAN, call)).toThrow(/does not belong to an existing subnet/);
  });
});
