import type { Principal } from '@dfinity/principal';

const keys = new WeakMap<Principal, string>();

/** Textual id, remembered per object: one message asks for its callee's key several times. */
export function keyOf(principal: Principal): string {
  const known = keys.get(principal);
  if (known !== undefined) return known;
  const key = principal.toText();
  keys.set(principal, key);
  return key;
}
