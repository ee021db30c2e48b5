import { closeSync, fstatSync, fsyncSync, ftruncateSync, openSync, readSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import { appendWhole, writeDurably } from './durable-file.ts';
import { damaged } from './state-dir-error.ts';

const MAGIC = new TextEncoder().encode('localnet journal 1\n');

/** Payload length, checksum of the payload, checksum of these two; 32 bits little-endian each. */
const HEADER_BYTES = 12;
const WORD_BYTES = 4;

/**
 * Append-only file of checksummed records. A record is with the operating system when `append`
 * returns: killing the process loses none. A record cut short at the end of the file, which is what
 * a kill during `append` leaves behind, is dropped on opening; any other damage is refused.
 */
export class RecordFile {
  readonly #fd: number;
  #bytes: number;
  #records: number;

  private constructor(fd: number, size: { readonly bytes: number; readonly records: number }) {
    this.#fd = fd;
    this.#bytes = size.bytes;
    this.#records = size.records;
  }

  /** An empty file, there for good when this returns. */
  static create(path: string): RecordFile {
    writeDurably(path, [MAGIC]);
    return new RecordFile(openSync(path, 'a'), { bytes: MAGIC.length, records: 0 });
  }

  /** Reads every record in order, then goes on after the last. Errors: `StateDirError`. */
  static open(path: string, onRecord: (payload: Uint8Array) => void): RecordFile {
    const fd = openSync(path, 'a+');
    try {
      const reader = new RecordReader(fd, path);
      let records = 0;
      for (let payload = reader.next(); payload !== undefined; payload = reader.next()) {
        onRecord(payload);
        records += 1;
      }
      ftruncateSync(fd, reader.offset);
      return new RecordFile(fd, { bytes: reader.offset, records });
    } catch (error) {
      closeSync(fd);
      throw error;
    }
  }

  get bytes(): number {
    return this.#bytes;
  }

  get records(): number {
    return this.#records;
  }

  append(payload: Uint8Array): void {
    const record = new Uint8Array(HEADER_BYTES + payload.length);
    const header = new DataView(record.buffer);
    header.setUint32(0, payload.length, true);
    header.setUint32(WORD_BYTES, crc32(payload), true);
    header.setUint32(2 * WORD_BYTES, headerChecksum(record, this.#records), true);
    record.set(payload, HEADER_BYTES);
    appendWhole(this.#fd, record, this.#bytes);
    this.#bytes += record.length;
    this.#records += 1;
  }

  close(): void {
    fsyncSync(this.#fd);
    closeSync(this.#fd);
  }
}

class RecordReader {
  readonly #fd: number;
  readonly #path: string;
  readonly #fileBytes: number;
  #index = 0;
  offset = MAGIC.length;

  constructor(fd: number, path: string) {
    this.#fd = fd;
    this.#path = path;
    this.#fileBytes = fstatSync(fd).size;
    const magic = this.#read(0, Math.min(MAGIC.length, this.#fileBytes));
    if (Buffer.compare(magic, MAGIC) !== 0) throw damaged(path, 'it does not start as a journal');
  }

  /** The next payload, or undefined at the end or at a record that was cut short. */
  next(): Uint8Array | undefined {
    const left = this.#fileBytes - this.offset;
    if (left < HEADER_BYTES) return undefined;
    const header = this.#read(this.offset, HEADER_BYTES);
    const view = new DataView(header.buffer, header.byteOffset);
    if (view.getUint32(2 * WORD_BYTES, true) !== headerChecksum(header, this.#index)) {
      throw this.#damagedHere('has a wrong header checksum');
    }
    const length = view.getUint32(0, true);
    if (left < HEADER_BYTES + length) return undefined;
    const payload = this.#read(this.offset + HEADER_BYTES, length);
    if (crc32(payload) !== view.getUint32(WORD_BYTES, true)) {
      throw this.#damagedHere('has a wrong checksum');
    }
    this.offset += HEADER_BYTES + length;
    this.#index += 1;
    return payload;
  }

  #damagedHere(what: string): Error {
    return damaged(this.#path, `record ${this.#index} at byte ${this.offset} ${what}`);
  }

  #read(position: number, length: number): Uint8Array {
    const bytes = new Uint8Array(length);
    for (let filled = 0; filled < length;) {
      const count = readSync(this.#fd, bytes, filled, length - filled, position + filled);
      if (count === 0) throw damaged(this.#path, 'it became shorter while it was read');
      filled += count;
    }
    return bytes;
  }
}

/** Seeded with the record's number, so that a missing or doubled record is noticed. */
function headerChecksum(header: Uint8Array, index: number): number {
  return crc32(header.subarray(0, 2 * WORD_BYTES), index);
}
