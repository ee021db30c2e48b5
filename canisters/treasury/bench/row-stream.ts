/** One row of one stable memory. */
export interface MemoryRow {
  readonly memoryId: number;
  readonly key: Uint8Array;
  readonly value: Uint8Array;
}

/** Memory, length of the key, length of the value. */
const HEAD_BYTES = 1 + 2 + 4;

/** How many bytes `writeRows` needs for a row. */
export function sizeOf({ key, value }: MemoryRow): number {
  return HEAD_BYTES + key.length + value.length;
}

/** Rows one after another, for `readRows`. */
export function writeRows(rows: readonly MemoryRow[]): Uint8Array {
  const stream = new Uint8Array(rows.reduce((sum, row) => sum + sizeOf(row), 0));
  const view = new DataView(stream.buffer);
  let at = 0;
  for (const row of rows) {
    view.setUint8(at, row.memoryId);
    view.setUint16(at + 1, row.key.length);
    view.setUint32(at + 3, row.value.length);
    stream.set(row.key, at + HEAD_BYTES);
    stream.set(row.value, at + HEAD_BYTES + row.key.length);
    at += sizeOf(row);
  }
  return stream;
}

/** The rows share the stream's memory. */
export function* readRows(stream: Uint8Array): Generator<MemoryRow> {
  const view = new DataView(stream.buffer, stream.byteOffset, stream.byteLength);
  let at = 0;
  while (at < stream.length) {
    const memoryId = view.getUint8(at);
    const keyAt = at + HEAD_BYTES;
    const valueAt = keyAt + view.getUint16(at + 1);
    at = valueAt + view.getUint32(at + 3);
    const key = stream.subarray(keyAt, valueAt);
    yield { memoryId, key, value: stream.subarray(valueAt, at) };
  }
}
