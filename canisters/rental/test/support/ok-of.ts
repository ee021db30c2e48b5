/** The value of an `Ok`; anything else fails the test with the message. */
export function okOf<T>(
  result: { readonly Ok: T } | { readonly Err: { readonly message: string } },
): T {
  if ('Ok' in result) return result.Ok;
  throw new Error(`refused: ${result.Err.message}`);
}
