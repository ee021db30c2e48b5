/**
 * The first number in `[0, length)` whose time is at or after `at`, or `length`. Times never fall, so
 * looking at a handful of rows is enough, however many there are.
 */
export function firstAtOrAfter(
  rows: { readonly length: number; readonly timeOf: (index: number) => bigint },
  at: bigint,
): number {
  let [from, to] = [0, rows.length];
  while (from < to) {
    const middle = Math.floor((from + to) / 2);
    if (rows.timeOf(middle) < at) from = middle + 1;
    else to = middle;
  }
  return from;
}
