import { charPerByte } from '../text-host.ts';
import type { CandidOutput } from './candid-output.ts';
import { CODE, type Shape } from './shape.ts';

/** `DIDL` */
const MAGIC = Uint8Array.of(0x44, 0x49, 0x44, 0x4c);

/**
 * Writes what comes before the values: the table of types and the types of the arguments. The same
 * bytes as the library's, except that a recursive type may have another place in the table.
 */
export function writeHeader(out: CandidOutput, shapes: readonly Shape[]): void {
  const table = new TypeTable(out);
  for (const shape of shapes) table.add(shape);
  out.append(MAGIC);
  out.leb(table.entries.length);
  for (const entry of table.entries) out.append(entry);
  out.leb(shapes.length);
  for (const shape of shapes) out.sleb(table.referenceTo(shape));
}

/** Types from the inside out, each once. */
class TypeTable {
  readonly entries: Uint8Array[] = [];
  readonly #out: CandidOutput;
  readonly #indexes = new Map<Shape, number>();
  readonly #indexesByEntry = new Map<string, number>();
  readonly #unfinished = new Set<Shape>();

  constructor(out: CandidOutput) {
    this.#out = out;
  }

  add(shape: Shape): void {
    if (shape.isPrimitive || this.#indexes.has(shape)) return;
    if (this.#unfinished.has(shape)) {
      this.#indexes.set(shape, this.entries.push(new Uint8Array(0)) - 1);
      return;
    }
    this.#unfinished.add(shape);
    for (const part of shape.parts) this.add(part);
    this.#unfinished.delete(shape);
    this.#finish(shape);
  }

  /** A place in the table, or the code of a type that needs none. */
  referenceTo(shape: Shape): number {
    return this.#indexes.get(shape) ?? shape.code;
  }

  /** A type that was met inside itself has its place already. */
  #finish(shape: Shape): void {
    const entry = this.#entryOf(shape);
    const reserved = this.#indexes.get(shape);
    if (reserved !== undefined) {
      this.entries[reserved] = entry;
      return;
    }
    const name = charPerByte(entry);
    const index = this.#indexesByEntry.get(name) ?? this.entries.push(entry) - 1;
    this.#indexesByEntry.set(name, index);
    this.#indexes.set(shape, index);
  }

  #entryOf({ code, parts, ids }: Shape): Uint8Array {
    const out = this.#out;
    out.sleb(code);
    if (code === CODE.func) {
      const [argCount = 0, ...modes] = ids;
      this.#references(parts.slice(0, argCount));
      this.#references(parts.slice(argCount));
      out.leb(modes.length);
      out.append(modes);
    } else if (code === CODE.record || code === CODE.variant) {
      out.leb(parts.length);
      parts.forEach((part, index) => {
        out.leb(ids[index] ?? 0);
        out.sleb(this.referenceTo(part));
      });
    } else {
      for (const part of parts) out.sleb(this.referenceTo(part));
    }
    return out.finish();
  }

  #references(shapes: readonly Shape[]): void {
    this.#out.leb(shapes.length);
    for (const shape of shapes) this.#out.sleb(this.referenceTo(shape));
  }
}
