import type { UserKey } from '../crypto/user-key.ts';
import type { ReplicaHost } from '../host/replica-host.ts';
import { authenticate } from './authenticate.ts';
import type { Certifier } from './certifier.ts';
import type { Scope } from './delegation.ts';
import type { Envelope } from './envelope.ts';
import type { SubnetKeys } from './subnet-keys.ts';

/** What the endpoints work with. */
export interface ApiContext {
  readonly host: ReplicaHost;
  readonly certifier: Certifier;
  readonly keys: SubnetKeys;
  readonly parseKey: (der: Uint8Array) => UserKey;
  /** Largest update call, as the whole request body. */
  readonly ingressBytes: number;
  /** How long a synchronous call waits for its outcome before the client has to poll. */
  readonly syncCallTimeoutMs: number;
}

/** Authenticates at the current time. Throws `HttpError`. */
export function authenticateNow(envelope: Envelope, context: ApiContext): Scope {
  return authenticate(envelope, {
    nowNs: context.host.refreshTimeNs(),
    aheadNs: context.host.aheadNs,
    parseKey: context.parseKey,
  });
}
