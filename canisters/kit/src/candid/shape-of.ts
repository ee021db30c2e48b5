import { IDL } from '@dfinity/candid';
import { fieldId } from './field-id.ts';
import { CandidError, CODE, primitive, Shape } from './shape.ts';

const PRIMITIVES = new Map<string, number>(Object.entries(CODE));
const MODES = ['', 'query', 'oneway', 'composite_query'];

/** Shapes of the library's types. Services and recursion without end have none. */
export function shapesOf(types: readonly IDL.Type[]): Shape[] {
  const builder = new ShapeBuilder();
  return types.map((type) => builder.build(type));
}

/** Types that are kept in constants are looked at once, however many others they are part of. */
const shapesByType = new WeakMap<IDL.Type, Shape>();

class ShapeBuilder {
  /** Recursive types by their name, some of them still being filled. */
  readonly #recursive = new Map<string, Shape>();

  build(type: IDL.Type): Shape {
    const known = shapesByType.get(type);
    if (known !== undefined) return known;
    if (type instanceof IDL.RecClass) return this.#recursion(type);
    const filled = new Shape(CODE.reserved);
    const shape = this.#fill(filled, type) ? filled : this.#primitive(type);
    shapesByType.set(type, shape);
    return shape;
  }

  #recursion(type: IDL.RecClass): Shape {
    const known = this.#recursive.get(type.name);
    if (known !== undefined) return known;
    const shape = new Shape(CODE.reserved);
    this.#recursive.set(type.name, shape);
    const inner = type.getType();
    if (inner === undefined || !this.#fill(shape, inner)) throw unsupported(type);
    return shape;
  }

  /** False, and nothing done, for a type that has nothing inside. */
  #fill(shape: Shape, type: IDL.Type): boolean {
    if (type instanceof IDL.RecordClass) {
      shape.isTuple = type instanceof IDL.TupleClass;
      this.#addFields(shape, CODE.record, type._fields);
    } else if (type instanceof IDL.VariantClass) {
      this.#addFields(shape, CODE.variant, type._fields);
    } else if (type instanceof IDL.OptClass) {
      this.#addParts(shape, CODE.opt, [type._type]);
    } else if (type instanceof IDL.VecClass) {
      this.#addParts(shape, CODE.vec, [type._type]);
    } else if (type instanceof IDL.FuncClass) {
      this.#addParts(shape, CODE.func, [...type.argTypes, ...type.retTypes]);
      shape.ids.push(type.argTypes.length, ...type.annotations.map((mode) => MODES.indexOf(mode)));
    } else {
      return false;
    }
    return true;
  }

  #addParts(shape: Shape, code: number, types: readonly IDL.Type[]): void {
    shape.code = code;
    for (const type of types) shape.parts.push(this.build(type));
  }

  /** The library keeps fields in the order of their ids. */
  #addFields(shape: Shape, code: number, fields: readonly [string, IDL.Type][]): void {
    shape.code = code;
    for (const [name, type] of fields) {
      shape.names.push(name);
      shape.ids.push(fieldId(name));
      shape.parts.push(this.build(type));
    }
  }

  #primitive(type: IDL.Type): Shape {
    const code = PRIMITIVES.get(type.name);
    if (code === undefined) throw unsupported(type);
    return primitive(code);
  }
}

function unsupported(type: IDL.Type): CandidError {
  return new CandidError(`no values of type ${type.name} can be written or read`);
}
