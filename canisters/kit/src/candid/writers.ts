import type { CandidOutput } from './candid-output.ts';
import { CandidError, CODE, numberBytes, type Shape } from './shape.ts';
import { primitiveWriter, refuse, type Write } from './write-primitive.ts';

/** Writers of types, each built once; a recursive type finds itself. */
export class Writers {
  readonly #built = new WeakMap<Shape, Write>();

  of(shape: Shape): Write {
    const known = this.#built.get(shape);
    if (known !== undefined) return known;
    if (shape.isPrimitive) return primitiveWriter(shape.code);
    this.#built.set(shape, (out, value) => write(out, value));
    const write = this.#compose(shape);
    this.#built.set(shape, write);
    return write;
  }

  #compose(shape: Shape): Write {
    if (shape.code === CODE.func) return writeFunc;
    const parts = shape.parts.map((part) => this.of(part));
    if (shape.code === CODE.record) return shape.isTuple ? tuple(parts) : record(shape, parts);
    if (shape.code === CODE.variant) return variant(shape, parts);
    const [element] = shape.parts;
    const [inner] = parts;
    if (element === undefined || inner === undefined) return primitiveWriter(CODE.empty);
    return shape.code === CODE.opt ? option(inner) : list(element, inner);
  }
}

function option(inner: Write): Write {
  return (out, value) => {
    if (!Array.isArray(value) || value.length > 1) return refuse('opt', value);
    out.byte(value.length);
    if (value.length === 1) inner(out, value[0]);
  };
}

function record({ names }: Shape, parts: readonly Write[]): Write {
  const count = parts.length;
  return (out, value) => {
    if (typeof value !== 'object' || value === null) return refuse('record', value);
    const fields = value as Record<string, unknown>;
    let name: string | undefined;
    try {
      for (let index = 0; index < count; index += 1) {
        name = names[index];
        parts[index]?.(out, fields[name ?? '']);
      }
    } catch (error) {
      throw within(name, error);
    }
  };
}

function tuple(parts: readonly Write[]): Write {
  return (out, value) => {
    if (!Array.isArray(value) || value.length < parts.length) return refuse('tuple', value);
    for (let index = 0; index < parts.length; index += 1) parts[index]?.(out, value[index]);
  };
}

function variant({ names }: Shape, parts: readonly Write[]): Write {
  const indexes = new Map(names.map((name, index) => [name, index]));
  return (out, value) => {
    const tags = typeof value === 'object' && value !== null ? Object.keys(value) : [];
    const [tag] = tags;
    const index = tag === undefined || tags.length !== 1 ? undefined : indexes.get(tag);
    if (tag === undefined || index === undefined) return refuse('variant', value);
    out.leb(index);
    try {
      parts[index]?.(out, (value as Record<string, unknown>)[tag]);
    } catch (error) {
      throw within(tag, error);
    }
  };
}

/** Whole numbers of fixed size stand in a typed array as they do in a message: little-endian. */
function list(element: Shape, inner: Write): Write {
  const elementBytes = numberBytes(element);
  return (out, value) => {
    if (ArrayBuffer.isView(value) && 'BYTES_PER_ELEMENT' in value) {
      const { BYTES_PER_ELEMENT: size } = value as Uint8Array;
      if (size !== elementBytes) return refuse('vec of this type', value);
      const bytes = new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
      out.leb(bytes.length / size);
      out.append(bytes);
      return;
    }
    if (!Array.isArray(value)) return refuse('vec', value);
    const { length } = value;
    out.leb(length);
    for (let index = 0; index < length; index += 1) inner(out, value[index]);
  };
}

function writeFunc(out: CandidOutput, value: unknown): void {
  if (!Array.isArray(value) || typeof value[1] !== 'string') return refuse('func', value);
  out.byte(1);
  primitiveWriter(CODE.principal)(out, value[0]);
  out.text(value[1]);
}

/** Says where in the value it failed. */
function within(name: string | undefined, error: unknown): unknown {
  if (!(error instanceof CandidError)) return error;
  return new CandidError(`${name ?? ''}: ${error.message}`);
}
