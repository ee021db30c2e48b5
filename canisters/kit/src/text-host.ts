/** The text classes that every host of this code has, without the rest of the DOM's types. */
interface TextHost {
  readonly TextEncoder: new () => { readonly encode: (text: string) => Uint8Array };
  readonly TextDecoder: new () => { readonly decode: (bytes: Uint8Array) => string };
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
