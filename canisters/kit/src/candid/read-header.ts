import type { CandidInput } from './candid-input.ts';
import { CandidError, CODE, primitive, Shape } from './shape.ts';

/** `DIDL` as a little-endian number. */
const MAGIC = 0x4c44_4944;
const MAX_FIELD_ID = 2 ** 32 - 1;
const MAX_MODE = 3;

/** Reads what comes before the values and gives the types of the arguments. */
export function readHeader(input: CandidInput): Shape[] {
  if (input.left < 4 || input.view.getUint32(input.take(4), true) !== MAGIC) {
    throw new CandidError('the message does not begin with DIDL');
  }
  const table = Array.from({ length: input.items(false) }, () => new Shape(CODE.reserved));
  for (const shape of table) readEntry(input, shape, table);
  return readReferences(input, table);
}

function readReferences(input: CandidInput, table: readonly Shape[]): Shape[] {
  return Array.from({ length: input.items(false) }, () => readReference(input, table));
}

function readReference(input: CandidInput, table: readonly Shape[]): Shape {
  const code = input.code();
  const isPrimitive = (code < 0 && code > CODE.opt) || code === CODE.principal;
  const shape = isPrimitive ? primitive(code) : table[code];
  if (shape === undefined) throw new CandidError(`there is no type ${code}`);
  return shape;
}

function readEntry(input: CandidInput, shape: Shape, table: readonly Shape[]): void {
  shape.code = input.code();
  switch (shape.code) {
    case CODE.opt:
    case CODE.vec:
      shape.parts.push(readReference(input, table));
      return;
    case CODE.record:
    case CODE.variant:
      readFields(input, shape, table);
      return;
    case CODE.func:
      readFunction(input, shape, table);
      return;
    case CODE.service:
      for (let left = input.items(false); left > 0; left -= 1) {
        input.take(input.length());
        input.code();
      }
      return;
    default:
      throw new CandidError(`type code ${shape.code} in the table of types`);
  }
}

function readFields(input: CandidInput, shape: Shape, table: readonly Shape[]): void {
  let before = -1;
  for (let left = input.items(false); left > 0; left -= 1) {
    const id = input.count();
    if (id <= before || id > MAX_FIELD_ID) throw new CandidError('field ids are not in order');
    before = id;
    shape.ids.push(id);
    shape.parts.push(readReference(input, table));
  }
}

function readFunction(input: CandidInput, shape: Shape, table: readonly Shape[]): void {
  const args = readReferences(input, table);
  shape.parts.push(...args, ...readReferences(input, table));
  shape.ids.push(args.length);
  for (let left = input.items(false); left > 0; left -= 1) {
    const mode = input.byte();
    if (mode === 0 || mode > MAX_MODE) throw new CandidError(`there is no mode ${mode}`);
    shape.ids.push(mode);
  }
}
