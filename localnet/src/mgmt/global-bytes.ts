const IS_BIGINT = 1;
const IS_NUMBER = 0;

/** A global's value in nine bytes; unlike decimal text it keeps minus zero. */
export function globalToBytes(value: bigint | number): Uint8Array {
  const bytes = new Uint8Array(9);
  const view = new DataView(bytes.buffer);
  if (typeof value === 'bigint') {
    bytes[0] = IS_BIGINT;
    view.setBigInt64(1, value);
  } else {
    bytes[0] = IS_NUMBER;
    view.setFloat64(1, value);
  }
  return bytes;
}

export function globalFromBytes(bytes: Uint8Array): bigint | number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return bytes[0] === IS_BIGINT ? view.getBigInt64(1) : view.getFloat64(1);
}
