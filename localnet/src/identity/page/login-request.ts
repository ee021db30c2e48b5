import type { DelegationChain } from '@dfinity/identity';
import * as z from 'zod/mini';

/** Far above any public key that the IC knows. */
const MAX_KEY_BYTES = 1_000;

/** What an app asks for, in whichever protocol. */
export interface LoginRequest {
  readonly sessionKeyDer: Uint8Array;
  readonly timeToLiveNs: bigint | undefined;
  /** Another origin whose identities the app wants to use. */
  readonly derivationOrigin: string | undefined;
}

export type LoginAnswer =
  | { readonly kind: 'delegated'; readonly chain: DelegationChain; readonly method: string }
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'failed'; readonly reason: string };

/** What a message of the opener means. Messages go back to whoever sent it. */
export type Incoming =
  | { readonly kind: 'unknown' }
  | { readonly kind: 'reply'; readonly message: object }
  | {
      readonly kind: 'login';
      readonly request: LoginRequest;
      readonly toMessage: (answer: LoginAnswer) => object;
    };

export const keySchema = z
  .instanceof(Uint8Array)
  .check(z.refine((der) => der.length > 0 && der.length <= MAX_KEY_BYTES));

export const originSchema = z.string().check(z.refine(isOrigin));

function isOrigin(text: string): boolean {
  return URL.canParse(text) && new URL(text).origin === text;
}
