/** The little of Protocol Buffers that ICP blocks need: varints and length-delimited fields. */
const WIRE_VARINT = 0;
const WIRE_BYTES = 2;

/** Builds one message; write fields in the order of their numbers, as prost does. */
export class ProtoWriter {
  readonly #bytes: number[] = [];

  /** A uint64; zero, the default, is left out. */
  uint64(field: number, value: bigint): this {
    if (value === 0n) return this;
    this.#varint(BigInt((field << 3) | WIRE_VARINT));
    this.#varint(value);
    return this;
  }

  bytes(field: number, value: Uint8Array | undefined): this {
    if (value === undefined) return this;
    this.#varint(BigInt((field << 3) | WIRE_BYTES));
    this.#varint(BigInt(value.length));
    for (const byte of value) this.#bytes.push(byte);
    return this;
  }

  finish(): Uint8Array {
    return Uint8Array.from(this.#bytes);
  }

  #varint(value: bigint): void {
    let rest = value;
    while (rest >= 0x80n) {
      this.#bytes.push(Number(rest & 0x7fn) | 0x80);
      rest >>= 7n;
    }
    this.#bytes.push(Number(rest));
  }
}

/** A decoded message whose fields occur at most once. */
export class ProtoMessage {
  readonly #varints = new Map<number, bigint>();
  readonly #bytes = new Map<number, Uint8Array>();

  constructor(data: Uint8Array) {
    const reader = new ProtoReader(data);
    while (!reader.isAtEnd()) {
      const key = Number(reader.varint());
      const field = key >>> 3;
      const wire = key & 7;
      if (wire === WIRE_VARINT) this.#varints.set(field, reader.varint());
      else if (wire === WIRE_BYTES) this.#bytes.set(field, reader.bytes());
      else throw new Error(`unsupported protobuf wire type ${wire}`);
    }
  }

  uint64(field: number): bigint {
    return this.#varints.get(field) ?? 0n;
  }

  bytes(field: number): Uint8Array | undefined {
    return this.#bytes.get(field);
  }

  message(field: number): ProtoMessage | undefined {
    const bytes = this.bytes(field);
    return bytes === undefined ? undefined : new ProtoMessage(bytes);
  }
}

class ProtoReader {
  readonly #data: Uint8Array;
  #position = 0;

  constructor(data: Uint8Array) {
    this.#data = data;
  }

  isAtEnd(): boolean {
    return this.#position >= this.#data.length;
  }

  varint(): bigint {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = this.#data[this.#position];
      if (byte === undefined) throw new Error('protobuf ends within a number');
      this.#position += 1;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  }

  bytes(): Uint8Array {
    const end = Number(this.varint()) + this.#position;
    if (end > this.#data.length) throw new Error('protobuf ends within a field');
    const value = this.#data.slice(this.#position, end);
    this.#position = end;
    return value;
  }
}
