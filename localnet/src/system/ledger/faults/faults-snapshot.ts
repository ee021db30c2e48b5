import { IDL } from '@dfinity/candid';
import { some, type Opt } from '../../../core/candid-opt.ts';
import type { FaultKind } from './fault.ts';
import { FaultType, readFault, writeFault, type WireFault } from './fault-wire.ts';
import type { FaultCounters, FaultsState, LikelyFault, RandomFaults } from './ledger-faults.ts';

export const LikelyFaultType = IDL.Record({ fault: FaultType, probability: IDL.Float64 });
export const ArmedFaultType = IDL.Record({ method: IDL.Text, fault: FaultType });
export const CountersType = IDL.Record({
  calls: IDL.Nat64,
  executed_blocks: IDL.Nat64,
  faults: IDL.Vec(IDL.Record({ kind: IDL.Text, count: IDL.Nat64 })),
});
export const RandomFaultsType = IDL.Record({
  seed: IDL.Nat32,
  probabilities: IDL.Vec(LikelyFaultType),
  methods: IDL.Opt(IDL.Vec(IDL.Text)),
});

/** The faults of a ledger as part of its saved state. */
export const FaultsSnapshot = IDL.Record({
  armed: IDL.Vec(ArmedFaultType),
  random: IDL.Opt(RandomFaultsType),
  counters: CountersType,
});

export interface WireArmedFault {
  readonly method: string;
  readonly fault: WireFault;
}

export interface WireRandomFaults {
  readonly seed: number;
  readonly probabilities: readonly { readonly fault: WireFault; readonly probability: number }[];
  readonly methods: Opt<readonly string[]>;
}

export interface WireCounters {
  readonly calls: bigint;
  readonly executed_blocks: bigint;
  readonly faults: readonly { readonly kind: string; readonly count: bigint }[];
}

export interface FaultsSnapshotValue {
  readonly armed: readonly WireArmedFault[];
  readonly random: Opt<WireRandomFaults>;
  readonly counters: WireCounters;
}

export function writeFaults(state: FaultsState): FaultsSnapshotValue {
  return {
    armed: state.armed.map(({ method, fault }) => ({ method, fault: writeFault(fault) })),
    random: some(state.random && writeRandom(state.random)),
    counters: writeCounters(state.counters),
  };
}

export function readFaults(value: FaultsSnapshotValue): FaultsState {
  const [random] = value.random;
  return {
    armed: value.armed.map(({ method, fault }) => ({ method, fault: readFault(fault) })),
    random: random && readRandom(random),
    counters: readCounters(value.counters),
  };
}

export function readRandom(wire: WireRandomFaults): RandomFaults {
  const [methods] = wire.methods;
  const probabilities = wire.probabilities.map(({ fault, probability }): LikelyFault => ({
    fault: readFault(fault),
    probability,
  }));
  return { seed: wire.seed, probabilities, ...(methods && { methods }) };
}

function writeRandom(random: RandomFaults): WireRandomFaults {
  const probabilities = random.probabilities.map(({ fault, probability }) => ({
    fault: writeFault(fault),
    probability,
  }));
  return { seed: random.seed, probabilities, methods: some(random.methods) };
}

/** Kinds in alphabetical order, so that equal counters give equal bytes. */
export function writeCounters(counters: FaultCounters): WireCounters {
  const kinds = [...counters.faults.keys()].sort();
  return {
    calls: BigInt(counters.calls),
    executed_blocks: BigInt(counters.executedBlocks),
    faults: kinds.map((kind) => ({ kind, count: BigInt(counters.faults.get(kind) ?? 0) })),
  };
}

export function readCounters(wire: WireCounters): FaultCounters {
  return {
    calls: Number(wire.calls),
    executedBlocks: Number(wire.executed_blocks),
    faults: new Map(wire.faults.map(({ kind, count }) => [kind as FaultKind, Number(count)])),
  };
}
