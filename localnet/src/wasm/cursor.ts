/** Thrown when bytes are not a well-formed WebAssembly module of the supported kind. */
export class InvalidWasmError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'InvalidWasmError';
  }
}

/** Forward reader over WebAssembly bytes. Reading past the end throws `InvalidWasmError`. */
export class Cursor {
  readonly bytes: Uint8Array;
  at: number;
  readonly end: number;

  constructor(bytes: Uint8Array, at = 0, end = bytes.length) {
    this.bytes = bytes;
    this.at = at;
    this.end = end;
  }

  get isAtEnd(): boolean {
    return this.at >= this.end;
  }

  byte(): number {
    const value = this.bytes[this.at];
    if (value === undefined || this.at >= this.end) throw new InvalidWasmError('unexpected end');
    this.at += 1;
    return value;
  }

  /** Unsigned LEB128 of at most 32 bits. */
  u32(): number {
    let value = 0;
    let scale = 1;
    for (let count = 0; count < 5; count += 1) {
      const byte = this.byte();
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) {
        if (value > 0xffff_ffff) break;
        return value;
      }
      scale *= 0x80;
    }
    throw new InvalidWasmError('integer representation too long');
  }

  /** Skips a LEB128 of any signedness and at most 64 bits. */
  skipLeb(): void {
    for (let count = 0; count < 10; count += 1) {
      if (this.byte() < 0x80) return;
    }
    throw new InvalidWasmError('integer representation too long');
  }

  skip(count: number): void {
    if (this.at + count > this.end) throw new InvalidWasmError('unexpected end');
    this.at += count;
  }

  take(count: number): Uint8Array {
    const start = this.at;
    this.skip(count);
    return this.bytes.subarray(start, this.at);
  }

  name(): string {
    const raw = this.take(this.u32());
    try {
      return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(raw);
    } catch (error) {
      throw new InvalidWasmError(`malformed UTF-8 in name: ${String(error)}`);
    }
  }
}

/** Unsigned LEB128. */
export function uleb(value: number): number[] {
  const out: number[] = [];
  let rest = value;
  do {
    const low = rest & 0x7f;
    rest = Math.floor(rest / 0x80);
    out.push(rest > 0 ? low | 0x80 : low);
  } while (rest > 0);
  return out;
}

/** Signed LEB128. */
export function sleb(value: bigint): number[] {
  const out: number[] = [];
  let rest = value;
  for (;;) {
    const low = Number(rest & 0x7fn);
    rest >>= 7n;
    const isLast = (rest === 0n && (low & 0x40) === 0) || (rest === -1n && (low & 0x40) !== 0);
    out.push(isLast ? low : low | 0x80);
    if (isLast) return out;
  }
}
