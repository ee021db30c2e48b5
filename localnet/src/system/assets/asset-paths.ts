/** Served for paths that no asset answers. */
export const FALLBACK_KEY = '/index.html';

const HTML_SUFFIX = '.html';
const INDEX_SUFFIX = '/index.html';

/** Keys that may stand in for `key`, the preferred one first: `/about` → `/about.html`, … */
export function aliasesOf(key: string): string[] {
  if (key.endsWith('/')) return [`${key}index.html`];
  if (key.endsWith(HTML_SUFFIX)) return [];
  return [`${key}.html`, `${key}${INDEX_SUFFIX}`];
}

/** Paths that `key` may answer besides its own: the inverse of `aliasesOf`. */
export function aliasedBy(key: string): string[] {
  const candidates = [
    key.slice(0, -HTML_SUFFIX.length),
    key.slice(0, -'index.html'.length),
    key.slice(0, -INDEX_SUFFIX.length),
  ];
  return candidates.filter((path) => path !== '' && aliasesOf(path).includes(key));
}

/**
 * Path segments as a gateway's verification cuts them: empty ones do not count, except that a
 * trailing slash leaves one. Source: response verification v2, "Expression Path".
 */
export function pathSegments(path: string): string[] {
  const segments = path.split('/').filter((segment) => segment !== '');
  if (path.endsWith('/')) segments.push('');
  return segments;
}

/**
 * The decoded path of a request URL, or undefined if its percent encoding is not UTF-8. A `%` that
 * starts no escape stands for itself. Source: WHATWG URL, "percent-decode".
 */
export function decodedPath(url: string): string | undefined {
  const queryAt = url.indexOf('?');
  const path = queryAt === -1 ? url : url.slice(0, queryAt);
  try {
    return decodeURIComponent(path.replaceAll(/%(?![0-9A-Fa-f]{2})/g, '%25'));
  } catch (error) {
    if (error instanceof URIError) return undefined;
    throw error;
  }
}

/** Orders keys by their UTF-8 bytes, as the listing promises. */
export function compareKeys(left: string, right: string): number {
  return Buffer.compare(Buffer.from(left, 'utf8'), Buffer.from(right, 'utf8'));
}
