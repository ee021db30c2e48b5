const MASK = '[secret]';

/** What secrets of this program look like, wherever they turn up. */
const SECRETS = [
  /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g,
  /AGE-SECRET-KEY-[0-9A-Z]+/gi,
  /\bBearer\s+[^\s"']+/gi,
  /** A Hetzner token: 64 letters and digits that are not all hexadecimal (hashes may be read). */
  /\b(?=[A-Za-z0-9]{64}\b)(?=[A-Za-z0-9]*[G-Zg-z])[A-Za-z0-9]{64}\b/g,
];

const SECRET_NAME = /secret|token|password|passwd|credential|private|authorization|seed/i;

/** A text without anything that looks like a key or a token of this program. */
export function scrub(text: string): string {
  return SECRETS.reduce((rest, pattern) => rest.replace(pattern, MASK), text);
}

/** Whether a field of that name is never to be shown, whatever it holds. */
export function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name);
}

/** What may be shown of a field. */
export function shown(name: string, value: string): string {
  return isSecretName(name) ? MASK : scrub(value);
}
