/** A script as this browser has checked it. */
export interface CheckedScript {
  readonly text: string;
  /** Computed here, over the UTF-8, in hexadecimal. */
  readonly sha256: string;
  /** It is what the version says. */
  readonly isAsPublished: boolean;
}

/** SHA-256 over the text's UTF-8 in lower-case hexadecimal, made by the browser itself. */
export async function sha256OfText(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

export async function checkScript(text: string, expectedSha256: string): Promise<CheckedScript> {
  const sha256 = await sha256OfText(text);
  return { text, sha256, isAsPublished: sha256 === expectedSha256.toLowerCase() };
}

export interface ScriptSize {
  readonly bytes: number;
  readonly lines: number;
}

/** Lines as the canister counts them: one more than line ends. */
export function scriptSize(text: string): ScriptSize {
  return { bytes: new TextEncoder().encode(text).length, lines: text.split('\n').length };
}
