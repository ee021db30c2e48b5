import { IDL } from '@dfinity/candid';
import { lazy } from '@decent-cloud/kit/candid/lazy-type.ts';
import { resultType } from '@decent-cloud/kit/errors/error-idl.ts';
import type { Sample } from '../core/samples/sample.ts';
import type { StartedSource, StartOutcome } from '../flows/sampler.ts';
import { TokenValueError } from './error-wire.ts';
import { toOpt, type Opt } from './opt.ts';

const Outcome = lazy(() =>
  IDL.Variant({
    Started: IDL.Null,
    Disabled: IDL.Null,
    TooSoon: IDL.Null,
    CallOpen: IDL.Record({ since_ns: IDL.Nat64 }),
  }),
);

export const SampleNowResult = lazy(() =>
  resultType(
    IDL.Vec(IDL.Record({ source: IDL.Nat64, outcome: IDL.Opt(Outcome) })),
    TokenValueError,
  ),
);

const SampleType = lazy(() =>
  IDL.Record({
    at_ns: IDL.Nat64,
    ratio_e18: IDL.Nat,
    depth_units: IDL.Opt(IDL.Nat),
    raw: IDL.Vec(IDL.Tuple(IDL.Text, IDL.Text)),
  }),
);

export const SamplesResult = lazy(() => resultType(IDL.Vec(SampleType), TokenValueError));

export interface WireSample {
  readonly at_ns: bigint;
  readonly ratio_e18: bigint;
  readonly depth_units: Opt<bigint>;
  readonly raw: readonly [string, string][];
}

/** The numbers of the answer by name, as text: every protocol has its own. */
export function sampleToWire({ atNs, ratioE18, depthUnits, raw }: Sample): WireSample {
  const numbers = Object.entries(raw).filter(([name]) => name !== 'kind');
  return {
    at_ns: atNs,
    ratio_e18: ratioE18,
    depth_units: toOpt(depthUnits),
    raw: numbers.map(([name, value]) => [name, String(value)]),
  };
}

type WireOutcome =
  | { readonly Started: null }
  | { readonly Disabled: null }
  | { readonly TooSoon: null }
  | { readonly CallOpen: { readonly since_ns: bigint } };

export interface WireStartedSource {
  readonly source: bigint;
  readonly outcome: readonly [WireOutcome];
}

export function startedToWire({ id, outcome }: StartedSource): WireStartedSource {
  return { source: BigInt(id), outcome: [outcomeToWire(outcome)] };
}

function outcomeToWire(outcome: StartOutcome): WireOutcome {
  switch (outcome.kind) {
    case 'started':
      return { Started: null };
    case 'disabled':
      return { Disabled: null };
    case 'too-soon':
      return { TooSoon: null };
    case 'open':
      return { CallOpen: { since_ns: outcome.sinceNs } };
  }
}
