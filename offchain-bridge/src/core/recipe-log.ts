/** So much is sent as it is printed. */
export const HEAD_BYTES = 256 * 1_024;
/** So much of the end is sent, if there was more. */
export const TAIL_BYTES = 32 * 1_024;
/** The most that one report takes. */
export const PIECE_BYTES = 16 * 1_024;
/** `…` in UTF-8. */
const ELLIPSIS = [0xe2, 0x80, 0xa6];

/**
 * The log of a run as it is told, apart from secrets: the first 256 KiB, then, if more than 32 KiB
 * followed, a line that says how many bytes are left out, and the last 32 KiB. What is at an offset
 * depends on what was printed only, so that anybody can go on at any offset.
 */
export interface LogPlace {
  /** Told so far. */
  readonly toldBytes: number;
  /** Of all that was printed; undefined as long as more may come. */
  readonly endBytes: number | undefined;
}

export type LogNeed =
  /** These bytes of what was printed, as far as they are there. Never more than a piece. */
  | { readonly kind: 'printed'; readonly from: number; readonly to: number }
  | { readonly kind: 'notice'; readonly bytes: Uint8Array }
  /** Nothing more is told before it has ended. */
  | { readonly kind: 'wait' }
  | { readonly kind: 'complete' };

/** What is to be told next. */
export function nextOfLog({ toldBytes, endBytes }: LogPlace): LogNeed {
  if (endBytes === undefined) {
    if (toldBytes >= HEAD_BYTES) return { kind: 'wait' };
    return printed(toldBytes, HEAD_BYTES);
  }
  const skipped = skippedBytes(endBytes);
  if (skipped === 0) {
    return toldBytes < endBytes ? printed(toldBytes, endBytes) : { kind: 'complete' };
  }
  if (toldBytes < HEAD_BYTES) return printed(toldBytes, HEAD_BYTES);
  const notice = skippedNotice(skipped);
  const intoNotice = toldBytes - HEAD_BYTES;
  if (intoNotice < notice.length) return { kind: 'notice', bytes: notice.subarray(intoNotice) };
  const from = endBytes - TAIL_BYTES + intoNotice - notice.length;
  return from < endBytes ? printed(from, endBytes) : { kind: 'complete' };
}

/** How long the told log of a run is that printed so much. */
export function toldLength(endBytes: number): number {
  const skipped = skippedBytes(endBytes);
  if (skipped === 0) return endBytes;
  return HEAD_BYTES + skippedNotice(skipped).length + TAIL_BYTES;
}

function printed(from: number, end: number): LogNeed {
  return { kind: 'printed', from, to: Math.min(from + PIECE_BYTES, end) };
}

function skippedBytes(endBytes: number): number {
  return Math.max(0, endBytes - HEAD_BYTES - TAIL_BYTES);
}

function skippedNotice(count: number): Uint8Array {
  return Uint8Array.from([
    ...ascii('\n['),
    ...ELLIPSIS,
    ...ascii(` ${count} bytes left out `),
    ...ELLIPSIS,
    ...ascii(']\n'),
  ]);
}

function ascii(text: string): number[] {
  return Array.from(text, (char) => char.charCodeAt(0));
}
