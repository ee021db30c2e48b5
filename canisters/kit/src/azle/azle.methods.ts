import type { IDL } from '@dfinity/candid';
import {
  msgArgData,
  msgReply,
  query as azleQuery,
  update as azleUpdate,
  type MethodDecorator,
} from 'azle';
import { candidCodec, type CandidCodec } from '../candid/candid-codec.ts';
import { CandidError } from '../candid/shape.ts';
import { addEntryPoint } from './class-meta.ts';
import { fail } from './fail.ts';

/** Set where this code runs only to be asked for the contract. */
const { _azleNodejsWasmEnvironment: isBuild } = globalThis as {
  _azleNodejsWasmEnvironment?: boolean;
};

/**
 * The types of a method: of its arguments, and of its result if it has one. The build of a canister
 * makes a function of them, because a start need not know them.
 */
type Types = [paramTypes: IDL.Type[], returnType?: IDL.Type];
type LazyTypes = [() => Types];

/**
 * A method that reads; answered by one replica.
 *
 * In the build Azle sees the types and writes the contract. In a canister it would spend millions of
 * instructions on them at each start and on each call, so there the method is put beside Azle's own,
 * with a codec that is built when it is needed. An error that a method throws traps the message.
 */
export function query(...types: Types): MethodDecorator {
  return isBuild === true ? azleQuery(...types) : rawMethod(types);
}

/** A method that may change state; its answer is certified. */
export function update(...types: Types): MethodDecorator {
  return isBuild === true ? azleUpdate(...types) : rawMethod(types);
}

/** What the first call of each method would have to build. */
const preparations: (() => void)[] = [];

function rawMethod(given: Types | LazyTypes): MethodDecorator {
  const types = (): Types => (typeof given[0] === 'function' ? given[0]() : (given as Types));
  return (method, context) => {
    const args = madeOnce(() => types()[0]);
    const reply = madeOnce(() => types().slice(1) as IDL.Type[]);
    preparations.push(
      () => args().prepare('decode'),
      () => reply().prepare('encode'),
    );
    context.addInitializer(function () {
      const run = (values: unknown[]) => Reflect.apply(method, this, values) as unknown;
      addEntryPoint(this, () => answer({ args, reply, run }));
    });
  };
}

/** A start does not even read the code of codecs. */
function madeOnce(types: () => readonly IDL.Type[]): () => CandidCodec {
  let codec: CandidCodec | undefined;
  return () => (codec ??= candidCodec(types));
}

interface Answering {
  readonly args: () => CandidCodec;
  readonly reply: () => CandidCodec;
  readonly run: (values: unknown[]) => unknown;
}

/** Azle waits for the promise of an asynchronous method. */
function answer({ args, reply, run }: Answering): unknown {
  try {
    const value = run(decodeArgs(args()));
    if (value instanceof Promise) return value.then((it) => sendReply(reply(), it)).catch(fail);
    sendReply(reply(), value);
  } catch (error) {
    fail(error);
  }
  return undefined;
}

/** A method without a result type answers with no value. */
function sendReply(reply: CandidCodec, value: unknown): void {
  msgReply(reply.encode(value === undefined ? [] : [value]));
}

function decodeArgs(args: CandidCodec): unknown[] {
  try {
    return args.decode(msgArgData());
  } catch (error) {
    throw new CandidError(`the arguments cannot be decoded: ${String(error)}`);
  }
}

/** Builds all codecs now. A query forgets those it built, so that each would build them again. */
export function prepareMethods(): void {
  for (const prepare of preparations) prepare();
}
