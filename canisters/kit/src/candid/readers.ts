import { primitiveReader, readFunc, readPrincipal, type Read } from './read-primitive.ts';
import { assertShallow, CandidError, CODE, isZeroSized } from './shape.ts';
import { numberBytes, type Shape } from './shape.ts';
import { canBeAbsent, isSubtype } from './subtype.ts';

const TYPED_ARRAYS = new Map<number, new (buffer: ArrayBuffer) => unknown>([
  [CODE.nat16, Uint16Array],
  [CODE.nat32, Uint32Array],
  [CODE.nat64, BigUint64Array],
  [CODE.int8, Int8Array],
  [CODE.int16, Int16Array],
  [CODE.int32, Int32Array],
  [CODE.int64, BigInt64Array],
]);

/**
 * Readers of values of a message's type as values of an expected type, each built once. Where types
 * do not match the reader throws when it comes to a value, so that an option may still be empty.
 */
export class Readers {
  readonly #built = new Map<Shape, Map<Shape, Read>>();
  readonly #skips = new Map<Shape, Read>();
  #nesting = 0;

  of(sent: Shape, expected: Shape): Read {
    if (expected.code === CODE.reserved) return nothing(this.skip(sent));
    if (expected.isPrimitive) return this.#primitive(sent.code, expected.code);
    const ofSent = this.#built.get(sent) ?? new Map<Shape, Read>();
    this.#built.set(sent, ofSent);
    const known = ofSent.get(expected);
    if (known !== undefined) return known;
    ofSent.set(expected, (input) => input.deeper(() => read(input)));
    const read = this.#nested(() => this.#compose(sent, expected));
    ofSent.set(expected, read);
    return read;
  }

  /** Moves past a value and gives nothing of use. */
  skip(sent: Shape): Read {
    const known = this.#skips.get(sent) ?? primitiveReader(sent.code);
    if (known !== undefined) return known;
    this.#skips.set(sent, (input) => input.deeper(() => read(input)));
    const read = this.#nested(() => this.#composeSkip(sent));
    this.#skips.set(sent, read);
    return read;
  }

  #nested<T>(build: () => T): T {
    this.#nesting += 1;
    assertShallow(this.#nesting);
    const built = build();
    this.#nesting -= 1;
    return built;
  }

  #primitive(sent: number, expected: number): Read {
    const isSame = sent === expected || (sent === CODE.nat && expected === CODE.int);
    return (isSame ? primitiveReader(sent) : undefined) ?? mismatch;
  }

  #compose(sent: Shape, expected: Shape): Read {
    const { code } = expected;
    if (code === CODE.opt) return this.#option(sent, expected.parts[0] ?? expected);
    if (sent.code !== code) return mismatch;
    if (code === CODE.func) return isSubtype(sent, expected) ? readFunc : mismatch;
    if (code === CODE.variant) return this.#variant(sent, expected);
    if (code === CODE.vec) return this.#list(sent.parts[0] ?? sent, expected.parts[0] ?? expected);
    return expected.isTuple ? this.#tuple(sent, expected) : this.#record(sent, expected);
  }

  /** A value where an option is expected is taken for a present one, unless that could be absent. */
  #option(sent: Shape, inner: Shape): Read {
    const skip = this.skip(sent);
    if (sent.code === CODE.opt) {
      const [sentInner = sent] = sent.parts;
      const some = orNone(this.of(sentInner, inner), this.skip(sentInner));
      return (input) => (input.flag() ? some(input) : []);
    }
    const isNone = [sent.code === CODE.null, sent.code === CODE.reserved, canBeAbsent(inner)];
    if (isNone.includes(true)) return orNone(mismatch, skip);
    return orNone(this.of(sent, inner), skip);
  }

  #list(sent: Shape, inner: Shape): Read {
    if (numberBytes(inner) === 0) return list(this.of(sent, inner), isZeroSized(sent));
    return sent.code === inner.code ? numbers(inner) : mismatch;
  }

  #tuple(sent: Shape, expected: Shape): Read {
    const count = expected.parts.length;
    const isTuple = sent.ids.every((id, index) => id === index);
    if (!isTuple || sent.parts.length < count) return mismatch;
    const reads = sent.parts.map((part, index) => this.#part(part, expected.parts[index]));
    return (input) => reads.map((read) => read(input)).slice(0, count);
  }

  /** Fields that came and nobody expects are skipped; options that did not come are empty. */
  #record(sent: Shape, expected: Shape): Read {
    const places = sent.ids.map((id) => expected.ids.indexOf(id));
    const reads = sent.parts.map((part, index) => {
      return this.#part(part, expected.parts[places[index] ?? -1]);
    });
    const names = places.map((place) => expected.names[place]);
    const missing = expected.names.filter((name, place) => {
      const isMissing = !names.includes(name);
      const part = expected.parts[place];
      if (isMissing && !(part?.code === CODE.opt || part?.code === CODE.reserved)) {
        reads.push(mismatch);
      }
      return isMissing;
    });
    return record({ reads, names, missing });
  }

  #variant(sent: Shape, expected: Shape): Read {
    const places = sent.ids.map((id) => expected.ids.indexOf(id));
    const reads = sent.parts.map((part, index) => {
      const target = expected.parts[places[index] ?? -1];
      return target === undefined ? mismatch : this.of(part, target);
    });
    const names = places.map((place) => expected.names[place] ?? '');
    return (input) => {
      const index = input.count();
      return { [names[index] ?? '']: (reads[index] ?? mismatch)(input) };
    };
  }

  #part(sent: Shape, expected: Shape | undefined): Read {
    return expected === undefined ? this.skip(sent) : this.of(sent, expected);
  }

  #composeSkip(sent: Shape): Read {
    if (sent.code === CODE.func) return readFunc;
    if (sent.code === CODE.service) return readPrincipal;
    const parts = sent.parts.map((part) => this.skip(part));
    const [inner] = parts;
    if (sent.code === CODE.record) {
      const isFree = isZeroSized(sent);
      return (input) => {
        if (isFree) input.spend(1);
        for (const part of parts) part(input);
      };
    }
    if (sent.code === CODE.variant) {
      return (input) => {
        const part = parts[input.count()];
        if (part === undefined) throw new CandidError('an unknown case of a variant');
        part(input);
      };
    }
    if (inner === undefined) throw new CandidError('an unknown type');
    if (sent.code === CODE.opt) return (input) => (input.flag() ? inner(input) : undefined);
    return list(inner, isZeroSized(sent.parts[0] ?? sent));
  }
}

function nothing(skip: Read): Read {
  return (input) => {
    skip(input);
    return null;
  };
}

const mismatch: Read = () => {
  throw new CandidError('a value of another type than expected');
};

/** A value that turns out not to fit is an empty option, as Candid's rules for new cases say. */
function orNone(read: Read, skip: Read): Read {
  return (input) => {
    const { at, depth } = input;
    try {
      return [read(input)];
    } catch (error) {
      if (!(error instanceof CandidError)) throw error;
      input.at = at;
      input.depth = depth;
      skip(input);
      return [];
    }
  };
}

interface RecordPlan {
  readonly reads: readonly Read[];
  /** Undefined for what is skipped. */
  readonly names: readonly (string | undefined)[];
  readonly missing: readonly string[];
}

function record({ reads, names, missing }: RecordPlan): Read {
  const count = reads.length;
  return (input) => {
    const value: Record<string, unknown> = {};
    for (let index = 0; index < count; index += 1) {
      const field = reads[index]?.(input);
      const name = names[index];
      if (name !== undefined) value[name] = field;
    }
    for (const name of missing) value[name] = [];
    return value;
  };
}

function list(read: Read, isFree: boolean): Read {
  return (input) => {
    const length = input.items(isFree);
    const values: unknown[] = [];
    for (let index = 0; index < length; index += 1) values.push(read(input));
    return values;
  };
}

/** Whole numbers of fixed size stand in a message as they do in a typed array: little-endian. */
function numbers(inner: Shape): Read {
  const size = numberBytes(inner);
  const TypedArray = TYPED_ARRAYS.get(inner.code);
  return (input) => {
    const bytes = input.length() * size;
    const at = input.take(bytes);
    const copy = input.bytes.slice(at, at + bytes);
    return TypedArray === undefined ? copy : new TypedArray(copy.buffer);
  };
}
