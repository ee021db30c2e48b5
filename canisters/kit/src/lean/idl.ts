import { fieldId } from '../candid/field-id.ts';

/**
 * Candid types as data, made with the functions that `@dfinity/candid` has for them. The codecs read
 * nothing else of a type, so the library's own reading and writing has no place in a canister.
 */
export class Type {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }
}

type Fields = [string, Type][];

/** In the order of their ids, as Candid writes them. */
function inOrder(fields: Readonly<Record<string, Type>>): Fields {
  return Object.entries(fields).sort(([one], [other]) => fieldId(one) - fieldId(other));
}

export class OptClass extends Type {
  readonly _type: Type;

  constructor(inner: Type) {
    super('opt');
    this._type = inner;
  }
}

export class VecClass extends Type {
  readonly _type: Type;

  constructor(inner: Type) {
    super('vec');
    this._type = inner;
  }
}

export class RecordClass extends Type {
  readonly _fields: Fields;

  constructor(fields: Readonly<Record<string, Type>>) {
    super('record');
    this._fields = inOrder(fields);
  }
}

export class TupleClass extends RecordClass {
  constructor(parts: readonly Type[]) {
    super(Object.fromEntries(parts.map((part, index) => [`_${index}_`, part])));
  }
}

export class VariantClass extends Type {
  readonly _fields: Fields;

  constructor(fields: Readonly<Record<string, Type>>) {
    super('variant');
    this._fields = inOrder(fields);
  }
}

export class FuncClass extends Type {
  readonly argTypes: readonly Type[];
  readonly retTypes: readonly Type[];
  readonly annotations: readonly string[];

  constructor(
    argTypes: readonly Type[],
    retTypes: readonly Type[],
    annotations: readonly string[],
  ) {
    super('func');
    this.argTypes = argTypes;
    this.retTypes = retTypes;
    this.annotations = annotations;
  }
}

let recursions = 0;

export class RecClass extends Type {
  /** Not private: a type may be seen through a proxy. */
  _type: Type | undefined;

  constructor() {
    super(`rec_${recursions}`);
    recursions += 1;
  }

  fill(type: Type): void {
    this._type = type;
  }

  getType(): Type | undefined {
    return this._type;
  }
}

export const Null = new Type('null');
export const Bool = new Type('bool');
export const Nat = new Type('nat');
export const Int = new Type('int');
export const Nat8 = new Type('nat8');
export const Nat16 = new Type('nat16');
export const Nat32 = new Type('nat32');
export const Nat64 = new Type('nat64');
export const Int8 = new Type('int8');
export const Int16 = new Type('int16');
export const Int32 = new Type('int32');
export const Int64 = new Type('int64');
export const Float32 = new Type('float32');
export const Float64 = new Type('float64');
export const Text = new Type('text');
export const Reserved = new Type('reserved');
export const Empty = new Type('empty');
export const Principal = new Type('principal');

export const Opt = (inner: Type): OptClass => new OptClass(inner);
export const Vec = (inner: Type): VecClass => new VecClass(inner);
export const Record = (fields: Readonly<Record<string, Type>>): RecordClass =>
  new RecordClass(fields);
export const Tuple = (...parts: readonly Type[]): TupleClass => new TupleClass(parts);
export const Variant = (fields: Readonly<Record<string, Type>>): VariantClass =>
  new VariantClass(fields);
export const Rec = (): RecClass => new RecClass();
export const Func = (
  argTypes: readonly Type[],
  retTypes: readonly Type[],
  annotations: readonly string[] = [],
): FuncClass => new FuncClass(argTypes, retTypes, annotations);
