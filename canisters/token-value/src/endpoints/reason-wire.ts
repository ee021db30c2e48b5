import { IDL } from '@dfinity/candid';
import { lazy } from '@decent-cloud/kit/candid/lazy-type.ts';

/** Why something is as it is: `code` for programs, `message` for people. */
export const Reason = lazy(() => IDL.Record({ code: IDL.Text, message: IDL.Text }));

export interface WireReason {
  readonly code: string;
  readonly message: string;
}

/** A reason with the words that the core has for it. */
export function reasonToWire<R extends { readonly kind: string }>(
  reason: R,
  describe: (reason: R) => string,
): WireReason {
  return { code: reason.kind, message: describe(reason) };
}
