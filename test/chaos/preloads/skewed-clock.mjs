// Loaded before a bridge (`node --import`): its wall clock is wrong by CLOCK_SKEW_MS from the start.
import process from 'node:process';

const skewMs = Number(process.env.CLOCK_SKEW_MS ?? '0');
const RealDate = Date;

class SkewedDate extends RealDate {
  constructor(...args) {
    if (args.length === 0) super(RealDate.now() + skewMs);
    else super(...args);
  }

  static now() {
    return RealDate.now() + skewMs;
  }
}

globalThis.Date = SkewedDate;
