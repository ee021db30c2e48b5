interface Refusal {
  readonly message: string;
  readonly kind: object;
}

/** The arm and the leaf of a refusal, as `Request InsufficientFunds`. Anything else fails the test. */
export function refusalOf(result: { readonly Ok: unknown } | { readonly Err: Refusal }): string {
  if (!('Err' in result)) throw new Error('it was not refused');
  const { kind, message } = result.Err;
  if (message.length < 20) throw new Error(`nobody understands "${message}"`);
  const [arm, value] = (Object.entries(kind)[0] ?? []) as [string?, unknown?];
  const leaf = Array.isArray(value) ? (value[0] as object | undefined) : undefined;
  return `${(arm ?? '').replace('Error', '')} ${Object.keys(leaf ?? {})[0] ?? 'null'}`;
}

/** The words of a refusal. */
export function wordsOf(result: { readonly Ok: unknown } | { readonly Err: Refusal }): string {
  if (!('Err' in result)) throw new Error('it was not refused');
  return result.Err.message;
}
