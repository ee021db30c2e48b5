/** An `http_request` argument: a GET of an example page unless told otherwise. */
export function httpArg(fields: Record<string, unknown> = {}): Record<string, unknown> {
  return { url: 'https://example.com/x', method: { get: null }, headers: [], ...fields };
}
