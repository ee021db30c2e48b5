import { ONE_E18 } from '../units.ts';
import type { Windows } from './report.ts';

/** Applies one change to all three windows. */
export function mapWindows<T extends bigint, U extends bigint>(
  windows: Windows<T>,
  change: (value: T) => U,
): Windows<U> {
  return {
    spot: change(windows.spot),
    medianHour: change(windows.medianHour),
    medianDay: change(windows.medianDay),
  };
}

/** The product window by window, for prices along a path; rounded down. */
export function multiplyWindows<T extends bigint>(
  left: Windows<T>,
  right: Windows<bigint>,
): Windows<T> {
  const product = (a: bigint, b: bigint): T => ((a * b) / ONE_E18) as T;
  return {
    spot: product(left.spot, right.spot),
    medianHour: product(left.medianHour, right.medianHour),
    medianDay: product(left.medianDay, right.medianDay),
  };
}

/** The same prices seen from the other side; rounded down. */
export function invertWindows<T extends bigint>(windows: Windows<T>): Windows<T> {
  return mapWindows(windows, (value) => ((ONE_E18 * ONE_E18) / value) as T);
}
