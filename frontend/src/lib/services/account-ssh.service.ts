const TYPES = [
  'ssh-ed25519',
  'ssh-rsa',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521',
  'sk-ssh-ed25519@openssh.com',
  'sk-ecdsa-sha2-nistp256@openssh.com',
];
const LENGTH_BYTES = 4;

export type SshLine =
  | { readonly kind: 'empty' }
  /** Nothing of it may leave the page. */
  | { readonly kind: 'private' }
  | { readonly kind: 'wrong'; readonly why: string }
  | { readonly kind: 'right'; readonly line: string; readonly comment: string };

/**
 * Looks at a line of a `.pub` file before it is sent: what is certainly wrong never leaves the browser.
 * The canister checks the key itself.
 */
export function readSshLine(text: string): SshLine {
  const line = text.trim();
  if (line === '') return { kind: 'empty' };
  if (/PRIVATE KEY/.test(line)) return { kind: 'private' };
  if (/[\r\n]/.test(line)) return wrong('This is more than one line: add keys one by one.');
  const [type = '', body = '', ...comment] = line.split(/[ \t]+/);
  if (!TYPES.includes(type)) {
    if (TYPES.some((known) => line.includes(known))) {
      return wrong('Something stands before the type of the key: leave out options.');
    }
    return wrong(`It should begin with ${TYPES[0] ?? ''} or another type of key.`);
  }
  if (nameIn(body) !== type) {
    return wrong('The key behind its type is cut or mixed up: copy the whole line again.');
  }
  return { kind: 'right', line, comment: comment.join(' ') };
}

/** As `ssh-keygen -l` prints it: `SHA256:…`. */
export async function fingerprintOf(line: string): Promise<string> {
  const [, body = ''] = line.split(/[ \t]+/);
  const bytes = bytesOf(body) ?? new Uint8Array();
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return `SHA256:${btoa(String.fromCharCode(...hash)).replaceAll('=', '')}`;
}

function wrong(why: string): SshLine {
  return { kind: 'wrong', why };
}

/** The type that a key itself says it has. Source: RFC 4253, 6.6. */
function nameIn(body: string): string | undefined {
  const bytes = bytesOf(body);
  if (bytes === undefined || bytes.length < LENGTH_BYTES) return undefined;
  const length = new DataView(bytes.buffer).getUint32(0);
  if (bytes.length <= LENGTH_BYTES + length) return undefined;
  return new TextDecoder().decode(bytes.subarray(LENGTH_BYTES, LENGTH_BYTES + length));
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> | undefined {
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(base64) || base64.length % 4 !== 0) return undefined;
  return Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
}
