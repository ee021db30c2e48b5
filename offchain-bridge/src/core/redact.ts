/** Bytes with the secrets in them covered. */
export interface Masked {
  /** As long as what was given; each byte of a secret is a `*`. */
  readonly bytes: Uint8Array;
  /** Bytes before this do not change, whatever follows; the length if all of them. */
  readonly settledBytes: number;
}

const STAR = 0x2a;
/** Shorter lines of a secret are words that say nothing. */
const SHORTEST_LINE = 8;

/**
 * A byte is covered if it lies in an occurrence of a secret, also where occurrences overlap. So the
 * result for a byte depends on the bytes around it only, not on where reading began: whoever gives at
 * least `contextBytes` more on both sides gets the same. Same length in and out.
 */
export function maskSecrets(bytes: Uint8Array, secrets: readonly Uint8Array[]): Masked {
  const masked = Uint8Array.from(bytes);
  const byFirst = new Map<number, Uint8Array[]>();
  for (const secret of secrets) {
    const [first] = secret;
    if (first !== undefined) byFirst.set(first, [...(byFirst.get(first) ?? []), secret]);
  }
  let settledBytes = bytes.length;
  for (let at = 0; at < bytes.length; at += 1) {
    for (const secret of byFirst.get(bytes[at] ?? -1) ?? []) {
      const same = commonLength(bytes, at, secret);
      if (same === secret.length) masked.fill(STAR, at, at + same);
      else if (at + same === bytes.length) settledBytes = Math.min(settledBytes, at);
    }
  }
  return { bytes: masked, settledBytes };
}

/** How many bytes before and after may matter for one. */
export function contextBytes(secrets: readonly Uint8Array[]): number {
  return secrets.reduce((longest, { length }) => Math.max(longest, length - 1), 0);
}

/**
 * The texts by which programs print a secret: as it is, trimmed, quoted for a shell, JSON or a URL, and
 * each longer line of one that has lines.
 */
export function printedForms(secret: string): readonly string[] {
  const lines = secret.split(/\r?\n/).filter((line) => line.trim().length >= SHORTEST_LINE);
  const forms = [
    secret,
    secret.trim(),
    secret.replaceAll("'", String.raw`'\''`),
    JSON.stringify(secret).slice(1, -1),
    isWellFormed(secret) ? encodeURIComponent(secret) : secret,
    ...lines,
    ...lines.map((line) => line.trim()),
  ];
  return [...new Set(forms)].filter((form) => form !== '');
}

function commonLength(bytes: Uint8Array, at: number, secret: Uint8Array): number {
  const most = Math.min(secret.length, bytes.length - at);
  let same = 0;
  while (same < most && bytes[at + same] === secret[same]) same += 1;
  return same;
}

/** Half a surrogate pair has no place in a URL. */
function isWellFormed(text: string): boolean {
  return !/\p{Cs}/u.test(text);
}
