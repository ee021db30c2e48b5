import { IDL } from '@dfinity/candid';
import type { Principal } from '@dfinity/principal';
import * as fc from 'fast-check';
import { isQuery, type ServiceFactory } from '@decent-cloud/localnet/testing/sync-actor.ts';
import { FuzzValues, type FuzzWords } from './fuzz-values.arbitrary.ts';

export interface SampleCall {
  readonly as: Principal;
  readonly args: readonly unknown[];
}

export interface FuzzTarget {
  readonly factory: ServiceFactory;
  /** Calls that are in order, of every method. */
  readonly samples: readonly Readonly<Record<string, SampleCall>>[];
  /** Besides those who may. */
  readonly callers: readonly Principal[];
  readonly words: FuzzWords;
}

export interface FuzzCall {
  readonly method: string;
  readonly sender: Principal;
  readonly arg: Uint8Array;
  readonly isQuery: boolean;
  /** Made from values of the method's types. */
  readonly isWellTyped: boolean;
  /** Names of fields at any depth, where all that the method takes is one record. */
  readonly fields: ReadonlySet<string> | undefined;
  readonly replyTypes: readonly IDL.Type[];
}

/** Calls of all methods of that kind. */
export function fuzzCalls(target: FuzzTarget, kind: 'update' | 'query'): fc.Arbitrary<FuzzCall> {
  const methods = target.factory({ IDL })._fields;
  const wanted = methods.filter(([, func]) => isQuery(func) === (kind === 'query'));
  const encoded = wanted.map(([method, func]) => callsOf(target, method, func));
  const callsOfAll = fc.oneof(...encoded);
  return fc.oneof(
    { weight: 5, arbitrary: callsOfAll },
    { weight: 1, arbitrary: fc.tuple(callsOfAll, malformed(callsOfAll)).map(asMalformed) },
  );
}

function callsOf(target: FuzzTarget, method: string, func: IDL.FuncClass): fc.Arbitrary<FuzzCall> {
  const { argTypes, retTypes: replyTypes } = func;
  const values = new FuzzValues(target.words);
  const [only] = argTypes;
  const isRecord = argTypes.length === 1 && only instanceof IDL.RecordClass;
  const fields = isRecord ? new Set(fieldsOf(only)) : undefined;
  const ofSamples = target.samples.map((sample) => {
    const call = sample[method];
    if (call === undefined) throw new Error(`no sample of ${method}`);
    const args = argTypes.map((type, index) => values.like(type, call.args[index]));
    const who = fc.oneof(fc.constant(call.as), fc.constantFrom(...target.callers));
    return fc.tuple(who, fc.tuple(...args));
  });
  const any = fc.tuple(
    fc.constantFrom(...target.callers),
    fc.tuple(...argTypes.map((type) => values.any(type))),
  );
  return fc
    .oneof({ weight: 4, arbitrary: fc.oneof(...ofSamples) }, { weight: 1, arbitrary: any })
    .map(([sender, args]) => ({
      ...{ method, sender, replyTypes, fields },
      arg: new Uint8Array(IDL.encode(argTypes, args)),
      isQuery: isQuery(func),
      isWellTyped: true,
    }))
    .filter(({ arg }) => arg.length <= LARGEST_MESSAGE);
}

/** The network itself takes no more than 2 MiB. */
const LARGEST_MESSAGE = 2_000_000;

function* fieldsOf(type: IDL.Type): Iterable<string> {
  if (type instanceof IDL.OptClass || type instanceof IDL.VecClass) {
    yield* fieldsOf(type._type as IDL.Type);
  }
  if (!(type instanceof IDL.RecordClass || type instanceof IDL.VariantClass)) return;
  for (const [name, part] of type._fields) {
    yield name;
    yield* fieldsOf(part);
  }
}

const asMalformed = ([call, arg]: [FuzzCall, Uint8Array]): FuzzCall => ({
  ...call,
  arg,
  isWellTyped: false,
});

/** Bytes that are no arguments, or another method's. */
function malformed(calls: fc.Arbitrary<FuzzCall>): fc.Arbitrary<Uint8Array> {
  const others = calls.map(({ arg }) => arg);
  const place = fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true });
  return fc.oneof(
    others,
    fc.tuple(others, place).map(([arg, at]) => arg.slice(0, Math.floor(at * arg.length))),
    fc.tuple(others, place, fc.nat(255)).map(([arg, at, byte]) => {
      return arg.map((old, index) => (index === Math.floor(at * arg.length) ? byte : old));
    }),
    fc.tuple(others, fc.uint8Array({ minLength: 1 })).map(([arg, more]) => joined(arg, more)),
    fc.uint8Array({ maxLength: 200 }).map((bytes) => joined(DIDL, bytes)),
    fc.constantFrom(...HOSTILE),
  );
}

const DIDL = new TextEncoder().encode('DIDL');
const HUGE = [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f];
const hostile = (...bytes: number[]) => joined(DIDL, Uint8Array.from(bytes));

/** Type tables and lengths that promise far more than the message has. */
const HOSTILE: readonly Uint8Array[] = [
  new Uint8Array(),
  hostile(...HUGE),
  hostile(0, ...HUGE),
  // null, a trillion times
  hostile(1, 0x6d, 0x7f, 1, 0, ...HUGE),
  // empty records, as many
  hostile(2, 0x6d, 1, 0x6c, 0, 1, 0, ...HUGE),
  // a record in itself
  hostile(1, 0x6c, 1, 0, 0, 1, 0),
  // a list of itself, and a text beyond the end
  hostile(1, 0x6d, 0, 1, 0, 1, 1, 1, 1, 0),
  hostile(0, 1, 0x71, ...HUGE),
  // lists in lists
  joined(hostile(1, 0x6d, 0, 1, 0), new Uint8Array(100_000).fill(1)),
  // a number without end
  joined(hostile(0, 1, 0x7d), new Uint8Array(200_000).fill(0x80)),
];

function joined(head: Uint8Array, tail: Uint8Array): Uint8Array {
  return Uint8Array.from([...head, ...tail]);
}
