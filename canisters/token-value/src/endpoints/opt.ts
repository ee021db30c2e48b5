/** An optional value as Candid has it. */
export type Opt<T> = [] | [T];

export function toOpt<T>(value: T | undefined): Opt<T> {
  return value === undefined ? [] : [value];
}
