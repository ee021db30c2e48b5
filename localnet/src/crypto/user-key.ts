import type { Principal } from '@dfinity/principal';

/** A public key, or a signature made with it, is not acceptable. */
export class SignatureError extends Error {
  readonly reason: 'public-key' | 'signature';

  constructor(reason: SignatureError['reason'], message: string) {
    super(message);
    this.name = 'SignatureError';
    this.reason = reason;
  }
}

/** Verifies signatures on payloads that already carry their domain separator. */
export interface UserKey {
  /** The canister that signs, if signatures of this key are canister signatures. */
  readonly signingCanister: Principal | undefined;
  /** Throws `SignatureError` unless `signature` is one on `payload`. */
  verify(payload: Uint8Array, signature: Uint8Array): void;
}
