import { IDL } from '@dfinity/candid';
import type { ErrorEnvelope } from '@decent-cloud/domain/error-envelope.ts';
import type { Result } from '@decent-cloud/domain/result.ts';
import { lazy } from '@decent-cloud/kit/candid/lazy-type.ts';
import { COMMON_LEAVES, type Unexpected } from '@decent-cloud/kit/errors/common-errors.ts';
import { envelopeType, toWire, type WireResult } from '@decent-cloud/kit/errors/error-idl.ts';
import type { Busy } from '@decent-cloud/kit/guard/with-guard.ts';
import type { NoPrice, TokenValueRequestLeaf } from '../flows/token-value-errors.ts';

/** The common envelope with this canister's own leaves. */
export const TokenValueError = lazy(() =>
  envelopeType<TokenValueRequestLeaf, Busy | NoPrice, Unexpected>({
    ...COMMON_LEAVES,
    request: { ...COMMON_LEAVES.request, 'unknown-token': IDL.Null },
    temporary: {
      ...COMMON_LEAVES.temporary,
      'no-price': IDL.Record({ reason: IDL.Text, last_good_at_ns: IDL.Opt(IDL.Nat64) }),
    },
  }),
);

/** `toWire` for results that may be refused for want of a price. */
export function toPriceWire<T, Wire>(
  result: Result<T, ErrorEnvelope<TokenValueRequestLeaf, Busy | NoPrice, Unexpected>>,
  okToWire: (value: T) => Wire,
): WireResult<Wire> {
  if (result.kind === 'ok' || result.error.leaf?.kind !== 'no-price') {
    return toWire(result, okToWire);
  }
  const { kind, reason, lastGoodAtNs } = result.error.leaf;
  const leaf = { kind, reason, last_good_at_ns: lastGoodAtNs === undefined ? [] : [lastGoodAtNs] };
  return toWire({ kind: 'err', error: { ...result.error, leaf } }, okToWire);
}
