/** The one native function in an Azle canister that turns a string into UTF-8 bytes. */
interface CanisterHost {
  readonly candidEncode: (candidText: string) => Uint8Array;
}

/** Below this length the native call's fixed cost exceeds a loop in JavaScript. */
const WORTHWHILE_LENGTH = 6;
/** `DIDL`, no type table, one argument of type text; the length and the bytes follow. */
const CANDID_TEXT_PREFIX_BYTES = 7;

/**
 * UTF-8 through the host's Candid encoder, about ten times cheaper than a loop; undefined where
 * there is no such host, the text is short, or its literal would mean something else in Candid.
 */
export function encodeNatively(text: string): Uint8Array | undefined {
  if (text.length < WORTHWHILE_LENGTH) return undefined;
  const host = (globalThis as { _azleIc?: CanisterHost })._azleIc;
  if (host === undefined) return undefined;
  const literal = JSON.stringify(text);
  if (literal.length !== text.length + 2 && hasForeignEscape(literal)) return undefined;
  const message = host.candidEncode(`(${literal})`);
  let start = CANDID_TEXT_PREFIX_BYTES;
  while (isLengthContinued(message, start)) start += 1;
  return message.slice(start + 1);
}

/**
 * JSON writes some control characters as `\b`, `\f` and `\u001f`, and lone surrogates as `\ud800`;
 * Candid reads the first two as hexadecimal bytes and refuses the rest. An escaped backslash before
 * such a letter is taken for one too, which only costs the slower way.
 */
function hasForeignEscape(literal: string): boolean {
  return literal.includes('\\u') || literal.includes('\\b') || literal.includes('\\f');
}

function isLengthContinued(message: Uint8Array, at: number): boolean {
  return ((message[at] ?? 0) & 0x80) !== 0;
}
