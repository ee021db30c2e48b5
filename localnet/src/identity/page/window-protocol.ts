import * as z from 'zod/mini';
import { keySchema, originSchema, type Incoming, type LoginAnswer } from './login-request.ts';

/** Tells the opener that it may ask. Sent to whoever opened the page: it says nothing. */
export const AUTHORIZE_READY = { kind: 'authorize-ready' };

/** `ERROR_USER_INTERRUPT` of the client, which it also gives for a closed window. */
const USER_INTERRUPT = 'UserInterrupt';

const kindSchema = z.object({ kind: z.literal('authorize-client') });
const requestSchema = z.object({
  sessionPublicKey: keySchema,
  maxTimeToLive: z.optional(z.bigint().check(z.positive())),
  derivationOrigin: z.optional(originSchema),
});

/**
 * Reads a message of `@dfinity/auth-client`, in which keys are bytes and times are `bigint`.
 * Source: Internet Identity specification, "Client authentication protocol"; auth-client 3.4.3.
 */
export function readWindowMessage(data: unknown): Incoming {
  if (!kindSchema.safeParse(data).success) return { kind: 'unknown' };
  const { success, data: asked } = requestSchema.safeParse(data);
  if (!success) return { kind: 'reply', message: failure('Invalid authorization request') };
  return {
    kind: 'login',
    request: {
      sessionKeyDer: asked.sessionPublicKey,
      timeToLiveNs: asked.maxTimeToLive,
      derivationOrigin: asked.derivationOrigin,
    },
    toMessage,
  };
}

function toMessage(answer: LoginAnswer): object {
  switch (answer.kind) {
    case 'delegated': {
      const { delegations, publicKey } = answer.chain;
      return {
        kind: 'authorize-client-success',
        delegations: delegations.map(({ delegation, signature }) => ({
          delegation: {
            pubkey: new Uint8Array(delegation.pubkey),
            expiration: delegation.expiration,
          },
          signature: new Uint8Array(signature),
        })),
        userPublicKey: new Uint8Array(publicKey),
        authnMethod: answer.method,
      };
    }
    case 'cancelled':
      return failure(USER_INTERRUPT);
    case 'failed':
      return failure(answer.reason);
  }
}

function failure(text: string): object {
  return { kind: 'authorize-client-failure', text };
}
