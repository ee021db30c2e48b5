import { vi } from 'vitest';

const TrueDate = Date;

/** From here on this machine's wall clock is off by so much; `vi.unstubAllGlobals` sets it right. */
export function skewWallClock(byMs: number): void {
  class SkewedDate extends TrueDate {
    constructor(...given: [] | [number | string | Date]) {
      if (given.length === 0) super(TrueDate.now() + byMs);
      else super(given[0]);
    }

    static override now(): number {
      return TrueDate.now() + byMs;
    }
  }
  vi.stubGlobal('Date', SkewedDate);
}
