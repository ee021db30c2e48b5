/** Type codes. Source: Candid specification, "Serialization". */
export const CODE = {
  null: -1,
  bool: -2,
  nat: -3,
  int: -4,
  nat8: -5,
  nat16: -6,
  nat32: -7,
  nat64: -8,
  int8: -9,
  int16: -10,
  int32: -11,
  int64: -12,
  float32: -13,
  float64: -14,
  text: -15,
  reserved: -16,
  empty: -17,
  opt: -18,
  vec: -19,
  record: -20,
  variant: -21,
  func: -22,
  service: -23,
  principal: -24,
} as const;

/** A message that is not Candid or not of the expected type, or a value that does not fit its type. */
export class CandidError extends Error {
  override readonly name = 'CandidError';
}

/**
 * A Candid type as a node of a graph, the same for the types of this program and for those that
 * come with a message. A recursive type is a node that is reached from itself.
 */
export class Shape {
  code: number;
  /** What is inside: one for `opt` and `vec`, one for each field, or arguments and then results. */
  readonly parts: Shape[] = [];
  /** Field ids, ascending. For a `func`: the number of arguments and then its modes. */
  readonly ids: number[] = [];
  /** Names of fields in JavaScript; none for types that come with a message. */
  readonly names: string[] = [];
  /** Its values are arrays and not objects. */
  isTuple = false;
  isZeroSized: boolean | undefined;

  constructor(code: number) {
    this.code = code;
  }

  /** A message refers to it by its code; anything else has a place in the table of types. */
  get isPrimitive(): boolean {
    return this.code > CODE.opt || this.code === CODE.principal;
  }
}

const primitives = new Map<number, Shape>();

/** The one node of a type that has nothing inside. */
export function primitive(code: number): Shape {
  let shape = primitives.get(code);
  if (shape === undefined) {
    shape = new Shape(code);
    primitives.set(code, shape);
  }
  return shape;
}

/** Bytes of a value at index `-code`, where they do not depend on the value; 0 stands for unknown. */
const NUMBER_BYTES = [0, 0, 0, 0, 0, 1, 2, 4, 8, 1, 2, 4, 8];

/** Bytes of a whole number of fixed size; 0 for any other type. */
export function numberBytes({ code }: Shape): number {
  return NUMBER_BYTES[-code] ?? 0;
}

/** Types that come with a message may be nested so deep; what looks at them calls itself. */
const MAX_NESTING = 64;

export function assertShallow(depth: number): void {
  if (depth > MAX_NESTING) throw new CandidError(`types nested deeper than ${MAX_NESTING} levels`);
}

/** Values take no bytes at all, so that a length says nothing about the message's size. */
export function isZeroSized(shape: Shape, depth = 0): boolean {
  assertShallow(depth);
  if (shape.code !== CODE.record) return shape.code === CODE.null || shape.code === CODE.reserved;
  if (shape.isZeroSized === undefined) {
    shape.isZeroSized = false;
    shape.isZeroSized = shape.parts.every((part) => isZeroSized(part, depth + 1));
  }
  return shape.isZeroSized;
}
