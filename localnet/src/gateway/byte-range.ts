/** Bytes `first` to `last` inclusive of a body of `total` bytes. */
export interface ByteRange {
  readonly first: number;
  readonly last: number;
  readonly total: number;
}

/**
 * Reads a `Content-Range` header; undefined if it is missing, malformed or contradicts itself.
 * Source: RFC 9110, section 14.4.
 */
export function parseContentRange(header: string | undefined): ByteRange | undefined {
  const match = /^bytes (\d{1,15})-(\d{1,15})\/(\d{1,15})$/.exec(header?.trim() ?? '');
  if (match === null) return undefined;
  const [first, last, total] = match.slice(1).map(Number);
  if (first === undefined || last === undefined || total === undefined) return undefined;
  return first <= last && last < total ? { first, last, total } : undefined;
}
