import { compareKeys } from './asset-paths.ts';

/** Which encoding v1 certification covers, and what is served where nothing acceptable exists. */
const PREFERENCE = ['identity', 'gzip', 'compress', 'deflate', 'br'];

/**
 * Encodings of an `Accept-Encoding` header, best first: by weight, then in the order given. Those
 * weighted 0 are left out. Source: RFC 9110, section 12.5.3.
 */
export function acceptedEncodings(header: string): string[] {
  return header
    .split(',')
    .map((part) => {
      const [name = '', ...parameters] = part.split(';').map((piece) => piece.trim().toLowerCase());
      const weight = parameters.find((parameter) => parameter.startsWith('q='));
      return { name, weight: weight === undefined ? 1 : Number(weight.slice(2)) };
    })
    .filter(({ name, weight }) => name !== '' && weight > 0)
    .sort((left, right) => right.weight - left.weight)
    .map(({ name }) => name);
}

/** The one encoding that stands for the asset where only one can. */
export function principalEncoding(available: ReadonlyMap<string, unknown>): string | undefined {
  const [firstOther] = [...available.keys()].sort(compareKeys);
  return PREFERENCE.find((name) => available.has(name)) ?? firstOther;
}

/**
 * The encoding to answer with. Every one is certified for v2; v1 certifies the principal one only,
 * so there an acceptable principal encoding wins over better liked ones.
 */
export function chooseEncoding(choice: {
  readonly available: ReadonlyMap<string, unknown>;
  readonly accepted: readonly string[];
  readonly certificateVersion: 1 | 2;
}): string | undefined {
  const principal = principalEncoding(choice.available);
  const { accepted, available } = choice;
  if (choice.certificateVersion === 1 && accepted.some((name) => name === principal)) {
    return principal;
  }
  return accepted.find((name) => available.has(name)) ?? principal;
}
