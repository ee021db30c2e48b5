/** A part of a log that was read, or a hole where bytes are gone for ever. */
export type LogPart =
  | { readonly kind: 'bytes'; readonly from: number; readonly bytes: Uint8Array }
  | { readonly kind: 'hole'; readonly from: number; readonly byteCount: number };

/** What is known of a job's log. */
export interface KnownLog {
  readonly parts: readonly LogPart[];
  /** Where to read on. */
  readonly nextOffset: number;
  readonly totalBytes: number;
}

/** As the canister gives it, with plain numbers. */
export interface LogPiece {
  readonly offset: number;
  readonly bytes: Uint8Array;
  readonly totalBytes: number;
}

export const NO_LOG: KnownLog = { parts: [], nextOffset: 0, totalBytes: 0 };

/**
 * The log with a piece more. Bytes that are known already are skipped; where the piece begins later than
 * asked for, the bytes between are gone, and a hole says how many.
 */
export function withPiece(log: KnownLog, piece: LogPiece): KnownLog {
  const totalBytes = Math.max(log.totalBytes, piece.totalBytes);
  const known = log.nextOffset - piece.offset;
  const bytes = known > 0 ? piece.bytes.subarray(Math.min(known, piece.bytes.length)) : piece.bytes;
  if (bytes.length === 0 && known >= 0) return { ...log, totalBytes };
  const from = Math.max(piece.offset, log.nextOffset);
  const hole: readonly LogPart[] =
    known < 0 ? [{ kind: 'hole', from: log.nextOffset, byteCount: -known }] : [];
  const parts = bytes.length === 0 ? log.parts : joined([...log.parts, ...hole], { from, bytes });
  return { parts, nextOffset: from + bytes.length, totalBytes };
}

function joined(
  parts: readonly LogPart[],
  { from, bytes }: { readonly from: number; readonly bytes: Uint8Array },
): readonly LogPart[] {
  const last = parts.at(-1);
  if (last?.kind !== 'bytes') return [...parts, { kind: 'bytes', from, bytes }];
  const merged = new Uint8Array(last.bytes.length + bytes.length);
  merged.set(last.bytes);
  merged.set(bytes, last.bytes.length);
  return [...parts.slice(0, -1), { kind: 'bytes', from: last.from, bytes: merged }];
}

export function isCaughtUp(log: KnownLog): boolean {
  return log.nextOffset >= log.totalBytes;
}

export function droppedBytes(log: KnownLog): number {
  return log.parts.reduce((sum, part) => sum + (part.kind === 'hole' ? part.byteCount : 0), 0);
}

/** Sequences with which programs colour and move on a terminal. */
const ESCAPE = String.fromCharCode(27);
const ESCAPES = new RegExp(`${ESCAPE}\\[[0-9;?]*[ -/]*[@-~]|${ESCAPE}[@-_]`, 'g');

/** A part as people read it: UTF-8, no colours of terminals, of a redrawn line what was drawn last. */
export function readableText(bytes: Uint8Array): string {
  const text = new TextDecoder().decode(bytes).replace(ESCAPES, '').replaceAll('\r\n', '\n');
  if (!text.includes('\r')) return text;
  return text
    .split('\n')
    .map((line) => {
      const drawn = line.split('\r').filter((one) => one !== '');
      return drawn.at(-1) ?? '';
    })
    .join('\n');
}

/** For a hole, in words. */
export function holeText(byteCount: number): string {
  return `… ${byteCount.toLocaleString('en')} bytes are gone from here: a log keeps its beginning and its newest part …`;
}

/** All that is known as one file; holes are lines of their own. */
export function logFile(log: KnownLog): readonly (Uint8Array | string)[] {
  return log.parts.map((part) =>
    part.kind === 'bytes' ? part.bytes : `\n${holeText(part.byteCount)}\n`,
  );
}
