/** Candid `opt` as the library represents it. */
export type Opt<T> = [] | [T];

export function some<T>(value: T | undefined): Opt<T> {
  return value === undefined ? [] : [value];
}
