import * as z from 'zod/mini';
import { bytesOfBase64, toBase64 } from './base64.ts';
import {
  keySchema,
  originSchema,
  type Incoming,
  type LoginAnswer,
  type LoginRequest,
} from './login-request.ts';

const DELEGATION = 'icrc34_delegation';

/** Source: ICRC-25, "Errors"; JSON-RPC 2.0 for the last. */
const GENERIC_ERROR = 1_000;
const NOT_SUPPORTED = 2_000;
const ACTION_ABORTED = 3_001;
const INVALID_PARAMS = -32_602;

const STANDARDS = [25, 29, 34, 95].map((number) => ({
  name: `ICRC-${number}`,
  url: `https://github.com/dfinity/ICRC/blob/main/ICRCs/ICRC-${number}/ICRC-${number}.md`,
}));

/** Asking is allowed to all; the person decides each time. */
const PERMISSIONS = { scopes: [{ scope: { method: DELEGATION }, state: 'granted' }] };

const callSchema = z.object({
  jsonrpc: z.literal('2.0'),
  id: z.union([z.string(), z.number()]),
  method: z.string(),
  params: z.optional(z.unknown()),
});
const paramsSchema = z.object({
  publicKey: z.string(),
  maxTimeToLive: z.optional(z.string().check(z.regex(/^[1-9]\d{0,29}$/))),
  icrc95DerivationOrigin: z.optional(originSchema),
});

/**
 * Reads a message of `@icp-sdk/signer`, which `@icp-sdk/auth` uses: JSON-RPC with keys in base64 and
 * times in digits. As with Internet Identity a delegation is for all canisters, whatever `targets`
 * were asked for. Notifications are not answered.
 *
 * Source: ICRC-25, ICRC-29, ICRC-34, ICRC-95.
 */
export function readSignerMessage(data: unknown): Incoming {
  const { success, data: call } = callSchema.safeParse(data);
  if (!success) return { kind: 'unknown' };
  const { id } = call;
  switch (call.method) {
    case 'icrc29_status':
      return reply(id, { result: 'ready' });
    case 'icrc25_supported_standards':
      return reply(id, { result: { supportedStandards: STANDARDS } });
    case 'icrc25_permissions':
    case 'icrc25_request_permissions':
      return reply(id, { result: PERMISSIONS });
    case DELEGATION: {
      const request = loginRequest(call.params);
      if (request === undefined) {
        return reply(id, failure(INVALID_PARAMS, 'Invalid params of a delegation request'));
      }
      return { kind: 'login', request, toMessage: (answer) => response(id, outcome(answer)) };
    }
    default:
      return reply(id, failure(NOT_SUPPORTED, `${call.method} is not supported`));
  }
}

type RpcId = string | number;

type Outcome =
  | { readonly result: unknown }
  | { readonly error: { readonly code: number; readonly message: string } };

function response(id: RpcId, what: Outcome): object {
  return { jsonrpc: '2.0', id, ...what };
}

function reply(id: RpcId, what: Outcome): Incoming {
  return { kind: 'reply', message: response(id, what) };
}

function failure(code: number, message: string): Outcome {
  return { error: { code, message } };
}

function loginRequest(params: unknown): LoginRequest | undefined {
  const asked = paramsSchema.safeParse(params);
  if (!asked.success) return undefined;
  const { publicKey, maxTimeToLive, icrc95DerivationOrigin } = asked.data;
  const key = keySchema.safeParse(bytesOfBase64(publicKey));
  if (!key.success) return undefined;
  return {
    sessionKeyDer: key.data,
    timeToLiveNs: maxTimeToLive === undefined ? undefined : BigInt(maxTimeToLive),
    derivationOrigin: icrc95DerivationOrigin,
  };
}

function outcome(answer: LoginAnswer): Outcome {
  switch (answer.kind) {
    case 'delegated': {
      const { delegations, publicKey } = answer.chain;
      const signerDelegation = delegations.map(({ delegation, signature }) => ({
        delegation: {
          pubkey: toBase64(delegation.pubkey),
          expiration: delegation.expiration.toString(),
        },
        signature: toBase64(signature),
      }));
      return { result: { publicKey: toBase64(publicKey), signerDelegation } };
    }
    case 'cancelled':
      return failure(ACTION_ABORTED, 'The login was cancelled');
    case 'failed':
      return failure(GENERIC_ERROR, answer.reason);
  }
}
