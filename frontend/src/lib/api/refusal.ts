/** What every canister's `ServiceError` looks like. */
export interface WireError {
  readonly kind:
    | { readonly RequestError: [] | [object] }
    | { readonly TemporaryError: [] | [object] }
    | { readonly InternalError: [] | [object] };
  readonly message: string;
}

export type WireResult<T> = { readonly Ok: T } | { readonly Err: WireError };

/**
 * A canister understood the call and refused it. `message` is in its words, for people. `leaf` names the
 * reason: `InsufficientFunds`; empty for one that this page does not know. `details` is what came with it.
 */
export class Refusal extends Error {
  readonly arm: 'request' | 'temporary' | 'internal';
  readonly leaf: string;
  readonly details: unknown;

  constructor({ kind, message }: WireError) {
    super(message);
    this.name = 'Refusal';
    this.arm =
      'RequestError' in kind ? 'request' : 'TemporaryError' in kind ? 'temporary' : 'internal';
    const [inner] = Object.values(kind) as [[] | [object]];
    const [[leaf, details] = ['', undefined]] = Object.entries(inner[0] ?? {}) as [
      string,
      unknown,
    ][];
    this.leaf = leaf;
    this.details = details;
  }
}

/** The answer. Throws `Refusal` for a refused call. */
export function okOf<T>(result: WireResult<T>): T {
  if ('Ok' in result) return result.Ok;
  throw new Refusal(result.Err);
}

/** The answer, or `undefined` for a call that was refused for that reason. Throws other refusals. */
export function okUnless<T>(leaf: string, result: WireResult<T>): T | undefined {
  if ('Ok' in result) return result.Ok;
  const refusal = new Refusal(result.Err);
  if (refusal.leaf === leaf) return undefined;
  throw refusal;
}
