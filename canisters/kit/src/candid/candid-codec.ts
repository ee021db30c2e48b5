import type { IDL } from '@dfinity/candid';
import { charPerByte } from '../text-host.ts';
import { CandidInput } from './candid-input.ts';
import { CandidOutput } from './candid-output.ts';
import { readHeader } from './read-header.ts';
import type { Read } from './read-primitive.ts';
import { Readers } from './readers.ts';
import { shapesOf } from './shape-of.ts';
import { CandidError, type Shape } from './shape.ts';
import { writeHeader } from './type-table.ts';
import { Writers } from './writers.ts';

/** Values of one list of types to Candid and back. */
export interface CandidCodec {
  /** Throws a `CandidError` that names the place if a value does not fit its type. */
  readonly encode: (values: readonly unknown[]) => Uint8Array;
  /**
   * Throws on anything but values of these types or of subtypes. Time and memory are bounded by
   * the size of the message.
   */
  readonly decode: (bytes: Uint8Array) => unknown[];
  /** Does now what the first use of this kind would do. */
  readonly prepare: (use: 'encode' | 'decode') => void;
}

/** What is known about messages that begin with the same bytes. */
interface Header {
  /** These bytes, one character each. */
  readonly text: string;
  readonly reads: readonly Read[];
}

/** Clients are a few kinds of programs, and each has its own way to write the types of a method. */
const REMEMBERED_HEADERS = 4;
const LONGEST_REMEMBERED = 4_096;

const out = new CandidOutput();

/**
 * Takes and gives the values that `@dfinity/candid` does, at a tenth of its cost. All that the types
 * decide is worked out once. `types` is called at first use.
 */
export function candidCodec(types: () => readonly IDL.Type[]): CandidCodec {
  let plan: Plan | undefined;
  let encode: CandidCodec['encode'] | undefined;
  let decode: CandidCodec['decode'] | undefined;
  const planned = () => (plan ??= planOf(types()));
  const encoding = () => (encode ??= encoder(planned()));
  const decoding = () => (decode ??= decoder(planned()));
  return {
    encode: (values) => encoding()(values),
    decode: (bytes) => decoding()(bytes),
    prepare: (use) => {
      if (use === 'encode') encoding();
      else decoding();
    },
  };
}

interface Plan {
  readonly shapes: readonly Shape[];
  /** What a message of these types begins with. */
  readonly header: Uint8Array;
}

function planOf(types: readonly IDL.Type[]): Plan {
  const shapes = shapesOf(types);
  out.length = 0;
  writeHeader(out, shapes);
  return { shapes, header: out.finish() };
}

/** Methods of one canister share most of their types. */
const allWriters = new Writers();

function encoder({ shapes, header }: Plan): CandidCodec['encode'] {
  const writers = shapes.map((shape) => allWriters.of(shape));
  return (values) => {
    if (values.length !== writers.length) throw new CandidError('wrong number of values');
    out.length = 0;
    out.append(header);
    for (let index = 0; index < writers.length; index += 1) writers[index]?.(out, values[index]);
    return out.finish();
  };
}

function decoder({ shapes, header: ownHeader }: Plan): CandidCodec['decode'] {
  const known = [headerOf(ownHeader, shapes, shapes)];
  return (bytes) => {
    const input = new CandidInput(bytes);
    const header = knownHeader(known, bytes) ?? newHeader(known, input, shapes);
    input.at = header.text.length;
    const values = header.reads.map((read) => read(input));
    if (input.left > 0) throw new CandidError('bytes are left over');
    return values.slice(0, shapes.length);
  };
}

function knownHeader(known: readonly Header[], bytes: Uint8Array): Header | undefined {
  return known.find(({ text }) => charPerByte(bytes.subarray(0, text.length)) === text);
}

/** The first one is the codec's own and stays; of the others the oldest goes. */
function newHeader(known: Header[], input: CandidInput, shapes: readonly Shape[]): Header {
  const sent = readHeader(input);
  if (sent.length < shapes.length) throw new CandidError('too few values');
  const header = headerOf(input.bytes.subarray(0, input.at), sent, shapes);
  if (input.at > LONGEST_REMEMBERED) return header;
  known.push(header);
  if (known.length > REMEMBERED_HEADERS) known.splice(1, 1);
  return header;
}

function headerOf(bytes: Uint8Array, sent: readonly Shape[], expected: readonly Shape[]): Header {
  const readers = new Readers();
  const reads = sent.map((shape, index) => {
    const target = expected[index];
    return target === undefined ? readers.skip(shape) : readers.of(shape, target);
  });
  return { text: charPerByte(bytes), reads };
}
