/** What a recipe's service URL may name. */
export interface UrlFacts {
  readonly ip: string;
  readonly hostname: string;
  /** What the renter filled in; nothing secret is among it. */
  readonly values: readonly { readonly name: string; readonly value: string }[];
}

/**
 * The address of the service, with `{ip}`, `{hostname}` and fields filled in. A field that is not known
 * is left empty.
 */
export function serviceUrlOf(template: string, { ip, hostname, values }: UrlFacts): string {
  const known = new Map(values.map(({ name, value }) => [name, value]));
  return template.replace(/\{([A-Za-z0-9_]+)\}/g, (_, name: string) => {
    if (name === 'ip') return ip;
    if (name === 'hostname') return hostname;
    return known.get(name) ?? '';
  });
}
