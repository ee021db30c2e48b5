import { join } from 'node:path';
import { IDL } from '@icp-sdk/core/candid';
import { cachedAzleBuild } from '../../../../scripts/canisters/azle-build.ts';
import { REPOSITORY } from '../../../../scripts/canisters/layout.ts';

const SOURCES = join(REPOSITORY, 'canisters', 'kit', 'test', 'probe');

/** The probe canister, built when it or the kit changed. */
export function probeWasm(): Promise<Uint8Array> {
  return cachedAzleBuild({
    name: 'probe',
    folder: join(REPOSITORY, '.cache', 'probe'),
    main: '../../canisters/kit/test/probe/probe-canister.ts',
    sources: SOURCES,
  });
}

/** Names of the probe's counters. */
export const COUNTERS = {
  ticks: 0,
  failingTicks: 1,
  steps: 2,
  batchMessages: 3,
  marks: 4,
} as const;

export interface ProbeService {
  guarded_flow: (awaits: number, isTrapping: boolean) => Promise<boolean>;
  refused_by_inspection: () => Promise<null>;
  open_calls: () => Promise<number>;
  throw_undefined: (isAfterAwait: boolean) => Promise<null>;
  echo: (nested: unknown) => Promise<unknown>;
  wrong_answer: () => Promise<{ readonly amount: number }>;
  undecodable_reply: () => Promise<string>;
  call_nobody: () => Promise<string>;
  held_guards: () => Promise<number>;
  counted: (counter: number) => Promise<bigint>;
  start_batch: (steps: number) => Promise<null>;
  cost_of_objects: (objects: number) => Promise<bigint>;
  leave_garbage: (objects: number) => Promise<null>;
  random_bytes: () => Promise<Uint8Array>;
  encode: (texts: number[][]) => Promise<Uint8Array[]>;
  decode: (sequences: Uint8Array[]) => Promise<Uint16Array[]>;
}

export const probeIdl: IDL.InterfaceFactory = ({ IDL }) => {
  const nested = IDL.Rec();
  nested.fill(IDL.Vec(nested));
  return IDL.Service({
    refused_by_inspection: IDL.Func([], [IDL.Null], []),
    open_calls: IDL.Func([], [IDL.Nat32], ['query']),
    throw_undefined: IDL.Func([IDL.Bool], [IDL.Null], []),
    echo: IDL.Func([nested], [nested], ['query']),
    wrong_answer: IDL.Func([], [IDL.Record({ amount: IDL.Nat8 })], ['query']),
    guarded_flow: IDL.Func([IDL.Nat32, IDL.Bool], [IDL.Bool], []),
    undecodable_reply: IDL.Func([], [IDL.Text], []),
    call_nobody: IDL.Func([], [IDL.Text], []),
    held_guards: IDL.Func([], [IDL.Nat32], ['query']),
    counted: IDL.Func([IDL.Nat8], [IDL.Nat64], ['query']),
    start_batch: IDL.Func([IDL.Nat32], [IDL.Null], []),
    cost_of_objects: IDL.Func([IDL.Nat32], [IDL.Nat64], ['query']),
    leave_garbage: IDL.Func([IDL.Nat32], [IDL.Null], []),
    random_bytes: IDL.Func([], [IDL.Vec(IDL.Nat8)], []),
    encode: IDL.Func([IDL.Vec(IDL.Vec(IDL.Nat16))], [IDL.Vec(IDL.Vec(IDL.Nat8))], ['query']),
    decode: IDL.Func([IDL.Vec(IDL.Vec(IDL.Nat8))], [IDL.Vec(IDL.Vec(IDL.Nat16))], ['query']),
  });
};

export const NO_ARGUMENTS: Uint8Array = new Uint8Array(IDL.encode([], []));
