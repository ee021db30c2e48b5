import { contextBytes, maskSecrets } from '../core/redact.ts';
import { HEAD_BYTES, nextOfLog } from '../core/recipe-log.ts';
import { lastLines, parseStep, STEP_LINE_BYTES } from '../core/recipe-step.ts';
import type { ScriptNews } from '../ports/machine-work.port.ts';
import type { ShellSession } from '../ports/shell.port.ts';
import { textOf } from './run-shell.ts';

const NEWLINE = 0x0a;
const QUESTION_MARK = 0x3f;
const LAST_BYTES = 4_096;
const MAX_LAST_LINES = 300;

/** A part of the printed log, with what is around it. */
interface Window {
  /** Where it begins in the log. */
  readonly start: number;
  readonly printed: Uint8Array;
  readonly shown: Uint8Array;
  /** Up to here nothing changes any more, counted in the log. */
  readonly settledTo: number;
}

/** Tells the log of one run, piece by piece, with secrets covered, and the steps in it. */
export class LogFollower {
  readonly #path: string;
  readonly #secrets: readonly Uint8Array[];
  readonly #news: ScriptNews;
  /** What is read beside a piece: a secret or a step may begin before it, or end after it. */
  readonly #around: number;
  #toldBytes: number;
  #lastStep = '';

  constructor(log: {
    readonly path: string;
    readonly secrets: readonly Uint8Array[];
    readonly news: ScriptNews;
    /** Told before, by whomever. */
    readonly toldBytes: number;
  }) {
    this.#path = log.path;
    this.#secrets = log.secrets;
    this.#news = log.news;
    this.#toldBytes = log.toldBytes;
    this.#around = Math.max(contextBytes(log.secrets), STEP_LINE_BYTES + 1);
  }

  /** Tells all that can be told now; all of it once the end is known. */
  async tell(session: ShellSession, endBytes: number | undefined): Promise<void> {
    for (;;) {
      const need = nextOfLog({ toldBytes: this.#toldBytes, endBytes });
      if (need.kind === 'wait' || need.kind === 'complete') return;
      if (need.kind === 'notice') {
        this.#say(need.bytes);
        continue;
      }
      const window = await this.#read(session, need, endBytes);
      const to = Math.min(need.to, window.settledTo);
      if (to <= need.from) return;
      this.#tellSteps(window, { from: need.from, to, endBytes });
      this.#say(window.shown.slice(need.from - window.start, to - window.start));
    }
  }

  /** A step that was found otherwise than in the told log: beyond what is told while it runs. */
  tellLateStep(line: string, logBytes: number): void {
    if (logBytes <= HEAD_BYTES) return;
    const { bytes } = maskSecrets(Buffer.from(line), this.#secrets);
    this.#tellStep(line, textOf(bytes));
  }

  /** The last lines of the log, for people. */
  async lastLines(session: ShellSession, endBytes: number): Promise<string> {
    const from = Math.max(0, endBytes - LAST_BYTES);
    const window = await this.#read(session, { from, to: endBytes }, endBytes);
    return lastLines(textOf(window.shown.subarray(from - window.start)), MAX_LAST_LINES);
  }

  async #read(
    session: ShellSession,
    part: { readonly from: number; readonly to: number },
    endBytes: number | undefined,
  ): Promise<Window> {
    const start = Math.max(0, part.from - this.#around);
    const end = Math.min(part.to + this.#around, endBytes ?? Number.MAX_SAFE_INTEGER);
    const read = (await session.read(this.#path, start, end - start)) ?? new Uint8Array();
    const isAll = endBytes !== undefined && end === endBytes;
    // Somebody cut the file: what is missing is made up for, so that everybody tells the same length.
    const printed = endBytes === undefined ? read : filledUp(read, end - start);
    const { bytes, settledBytes } = maskSecrets(printed, this.#secrets);
    return {
      start,
      printed,
      shown: bytes,
      settledTo: start + (isAll ? end - start : settledBytes),
    };
  }

  #say(bytes: Uint8Array): void {
    this.#news.log(this.#toldBytes, bytes);
    this.#toldBytes += bytes.length;
  }

  /**
   * Tells the steps whose lines end in the piece, before the piece itself: what has been told of the log
   * need not be looked through again.
   */
  #tellSteps(
    { start, printed, shown }: Window,
    piece: { readonly from: number; readonly to: number; readonly endBytes: number | undefined },
  ): void {
    const end = Math.min(piece.to, HEAD_BYTES);
    for (let at = piece.from - start; at <= end - start; at += 1) {
      const isLineEnd = at < end - start ? printed[at] === NEWLINE : start + at === piece.endBytes;
      const before = isLineEnd && at > 0 ? printed.lastIndexOf(NEWLINE, at - 1) : -1;
      const isWhole = isLineEnd && (before >= 0 || start === 0) && at - before <= STEP_LINE_BYTES;
      if (!isWhole) continue;
      const [line, visible] = [printed, shown].map((bytes) =>
        textOf(bytes.subarray(before + 1, at)),
      );
      this.#tellStep(line ?? '', visible ?? '');
    }
  }

  #tellStep(line: string, visible: string): void {
    const step = parseStep(line, visible);
    if (step === undefined || line === this.#lastStep) return;
    this.#lastStep = line;
    this.#news.step(step.index, step.of, step.text);
  }
}

function filledUp(bytes: Uint8Array, length: number): Uint8Array {
  if (bytes.length >= length) return bytes;
  const filled = new Uint8Array(length).fill(QUESTION_MARK);
  filled.set(bytes);
  return filled;
}
