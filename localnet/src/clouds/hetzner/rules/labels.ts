export type Labels = Readonly<Record<string, string>>;

const NAME = /^[A-Za-z0-9](?:[A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$/;
const DNS_LABEL = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?';
const PREFIX = new RegExp(`^${DNS_LABEL}(?:\\.${DNS_LABEL})*$`);
const PREFIX_MAX = 253;
const RESERVED_PREFIX = 'hetzner.cloud';

/** `[prefix/]name`. */
export function isLabelKey(key: string): boolean {
  const slash = key.indexOf('/');
  if (slash === -1) return NAME.test(key);
  const prefix = key.slice(0, slash);
  return prefix.length <= PREFIX_MAX && PREFIX.test(prefix) && NAME.test(key.slice(slash + 1));
}

export function isLabelValue(value: string): boolean {
  return value === '' || NAME.test(value);
}

/** What is wrong with labels that somebody wants to set; nothing if they are fine. */
export function labelProblems(labels: Labels): readonly string[] {
  return Object.entries(labels).flatMap(([key, value]) => {
    if (!isLabelKey(key)) return [`label key "${key}" is not valid`];
    if (key.startsWith(`${RESERVED_PREFIX}/`))
      return [`label prefix "${RESERVED_PREFIX}" is reserved`];
    return isLabelValue(value) ? [] : [`label value of "${key}" is not valid`];
  });
}
