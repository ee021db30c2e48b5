/** The text classes that every host of this code has, without the rest of the DOM's types. */
interface TextHost {
  readonly TextEncoder: new () => { readonly encode: (text: string) => Uint8Array };
  readonly TextDecoder: new (
    label?: 'utf-8',
    options?: { readonly fatal: boolean },
  ) => { readonly decode: (bytes: Uint8Array) => string };
}

/** UTF-8 of a text. Looked up at each call, because a canister installs its own class. */
export function encodeText(text: string): Uint8Array {
  const { TextEncoder } = globalThis as unknown as TextHost;
  return new TextEncoder().encode(text);
}

/** Text of UTF-8 bytes. */
export function decodeText(bytes: Uint8Array): string {
  const { TextDecoder } = globalThis as unknown as TextHost;
  return new TextDecoder().decode(bytes);
}

/** Text of UTF-8 bytes. Throws on anything else. */
export function decodeTextStrictly(bytes: Uint8Array): string {
  const { TextDecoder } = globalThis as unknown as TextHost;
  return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
}

/** Kept well under the engine's limit of 65 535 arguments to one call. */
const CHUNK_BYTES = 8_192;

/** A text with one character for each byte: the text of ASCII bytes, or a name for any others. */
export function charPerByte(bytes: Uint8Array): string {
  let text = '';
  for (let start = 0; start < bytes.length; start += CHUNK_BYTES) {
    const chunk = bytes.subarray(start, start + CHUNK_BYTES);
    text += Reflect.apply(String.fromCharCode, undefined, chunk) as string;
  }
  return text;
}
