import { idlLabelToId } from '@dfinity/candid';
import { equalBytes, utf8 } from './bytes.ts';

const MAGIC = utf8('DIDL');

/** Type codes. Source: Candid specification, "Serialization". */
const OPT = -18;
const VEC = -19;
const RECORD = -20;
const VARIANT = -21;
const FUNC = -22;
const SERVICE = -23;
const PRINCIPAL = -24;

/** Bytes that a value of a primitive type takes, where that is fixed. */
const FIXED_BYTES: ReadonlyMap<number, number> = new Map([
  [-1, 0],
  [-2, 1],
  [-5, 1],
  [-6, 2],
  [-7, 4],
  [-8, 8],
  [-9, 1],
  [-10, 2],
  [-11, 4],
  [-12, 8],
  [-13, 4],
  [-14, 8],
  [-16, 0],
]);
const NAT = -3;
const INT = -4;
const TEXT = -15;

/** A value may be this deep; decoders recurse. */
const MAX_DEPTH = 500;
/** Values that take no bytes, such as `null`, are free to the sender but not to the decoder. */
const FREE_STEPS = 1_000_000;

/** The bytes are not Candid, or decoding them would cost far more than sending them. */
export class CandidWalkError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'CandidWalkError';
  }
}

/**
 * Refuses what would exhaust a decoder: a few bytes can announce billions of values that take no
 * bytes each, or a type that doubles at every level.
 */
export function assertDecodableCandid(message: Uint8Array): void {
  new CandidWalker(message).walkAll();
}

/** A principal-typed field of the first argument, if that is a record that has it. */
export function findPrincipalField(message: Uint8Array, field: string): Uint8Array | undefined {
  const walker = new CandidWalker(message, idlLabelToId(field));
  walker.walkAll();
  return walker.found;
}

interface CandidType {
  readonly code: number;
  /** Field or element types; for records and variants in the order of `ids`. */
  readonly parts: readonly number[];
  readonly ids: readonly number[];
}

class CandidWalker {
  found: Uint8Array | undefined;
  readonly #bytes: Uint8Array;
  readonly #wantedId: number | undefined;
  readonly #types: CandidType[] = [];
  #position = 0;
  #stepsLeft: number;

  constructor(message: Uint8Array, wantedId?: number) {
    this.#bytes = message;
    this.#wantedId = wantedId;
    this.#stepsLeft = FREE_STEPS + message.length * 4;
  }

  walkAll(): void {
    if (!equalBytes(this.#take(MAGIC.length), MAGIC)) throw new CandidWalkError('no DIDL prefix');
    const typeCount = this.#count();
    for (let index = 0; index < typeCount; index += 1) this.#types.push(this.#readType());
    const args = this.#readList(() => this.#signed());
    args.forEach((type, index) => {
      if (index === 0) this.#walkFirst(type);
      else this.#walk(type, 0);
    });
    if (this.#position !== this.#bytes.length) throw new CandidWalkError('trailing bytes');
  }

  #walkFirst(type: number): void {
    const record = this.#types[type];
    if (this.#wantedId === undefined || record?.code !== RECORD) {
      this.#walk(type, 0);
      return;
    }
    record.parts.forEach((part, index) => {
      const start = this.#position;
      this.#walk(part, 1);
      if (record.ids[index] === this.#wantedId && part === PRINCIPAL) {
        this.found = this.#bytes.slice(start + 2, this.#position);
      }
    });
  }

  #readType(): CandidType {
    const code = this.#signed();
    switch (code) {
      case OPT:
      case VEC:
        return { code, parts: [this.#signed()], ids: [] };
      case RECORD:
      case VARIANT: {
        const fields = this.#readList(() => [this.#nat(), this.#signed()] as const);
        return { code, ids: fields.map(([id]) => id), parts: fields.map(([, type]) => type) };
      }
      case FUNC:
        this.#readList(() => this.#signed());
        this.#readList(() => this.#signed());
        this.#readList(() => this.#take(1));
        return { code, parts: [], ids: [] };
      case SERVICE:
        this.#readList(() => {
          this.#take(this.#count());
          this.#signed();
        });
        return { code, parts: [], ids: [] };
      default:
        throw new CandidWalkError(`type code ${code} in the type table`);
    }
  }

  #walk(type: number, depth: number): void {
    this.#step(depth);
    const fixed = FIXED_BYTES.get(type);
    if (fixed !== undefined) this.#take(fixed);
    else if (type === NAT || type === INT) this.#skipLeb();
    else if (type === TEXT) this.#take(this.#count());
    else if (type === PRINCIPAL) this.#walkReference();
    else this.#walkComposite(this.#typeAt(type), depth);
  }

  #walkComposite(type: CandidType, depth: number): void {
    const [inner] = type.parts;
    switch (type.code) {
      case OPT:
        if (this.#flag() && inner !== undefined) this.#walk(inner, depth + 1);
        return;
      case VEC:
        if (inner !== undefined) this.#walkVector(inner, depth);
        return;
      case RECORD:
        for (const part of type.parts) this.#walk(part, depth + 1);
        return;
      case VARIANT: {
        const part = type.parts[this.#nat()];
        if (part === undefined) throw new CandidWalkError('variant index out of range');
        this.#walk(part, depth + 1);
        return;
      }
      case FUNC:
        if (!this.#flag()) throw new CandidWalkError('opaque reference');
        this.#walkReference();
        this.#take(this.#count());
        return;
      default:
        this.#walkReference();
    }
  }

  #walkVector(element: number, depth: number): void {
    const length = this.#nat();
    const fixed = FIXED_BYTES.get(element) ?? 0;
    if (fixed > 0) {
      this.#take(length * fixed);
      return;
    }
    for (let index = 0; index < length; index += 1) this.#walk(element, depth + 1);
  }

  #walkReference(): void {
    if (!this.#flag()) throw new CandidWalkError('opaque reference');
    this.#take(this.#count());
  }

  #step(depth: number): void {
    this.#stepsLeft -= 1;
    if (this.#stepsLeft < 0) throw new CandidWalkError('too many values for so few bytes');
    if (depth > MAX_DEPTH) throw new CandidWalkError(`nesting deeper than ${MAX_DEPTH} levels`);
  }

  #typeAt(index: number): CandidType {
    const type = this.#types[index];
    if (type === undefined) throw new CandidWalkError(`no type ${index}`);
    return type;
  }

  #readList<T>(read: () => T): T[] {
    return Array.from({ length: this.#count() }, read);
  }

  #flag(): boolean {
    const byte = this.#take(1)[0];
    if (byte !== 0 && byte !== 1) throw new CandidWalkError('flag is neither 0 nor 1');
    return byte === 1;
  }

  /** A number of things that take at least a byte each. */
  #count(): number {
    const count = this.#nat();
    if (count > this.#bytes.length - this.#position) throw new CandidWalkError('cut short');
    return count;
  }

  #nat(): number {
    return this.#leb(false);
  }

  #signed(): number {
    return this.#leb(true);
  }

  /** At most 49 bits: no length, index or type code is larger. */
  #leb(isSigned: boolean): number {
    let value = 0;
    for (let scale = 1; scale < 2 ** 49; scale *= 128) {
      const byte = this.#take(1)[0] ?? 0;
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return isSigned && byte >= 0x40 ? value - scale * 128 : value;
    }
    throw new CandidWalkError('number too large');
  }

  #skipLeb(): void {
    while ((this.#take(1)[0] ?? 0) >= 0x80);
  }

  #take(length: number): Uint8Array {
    const end = this.#position + length;
    if (end > this.#bytes.length) throw new CandidWalkError('cut short');
    const taken = this.#bytes.subarray(this.#position, end);
    this.#position = end;
    return taken;
  }
}
