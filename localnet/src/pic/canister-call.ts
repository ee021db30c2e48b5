import type { Principal } from '@dfinity/principal';
import { z } from 'zod';
import type { Reject, Response } from '../core/types.ts';
import { PicError } from './pic-error.ts';
import { bytesSchema, encodeBytes, encodePrincipal, principalSchema } from './wire.ts';

/** Whose management canister a call means, as the client named it. */
export type EffectivePrincipal =
  | { readonly kind: 'none' }
  | { readonly kind: 'subnet'; readonly id: Principal }
  | { readonly kind: 'canister'; readonly id: Principal };

/** A call as PocketIC's clients describe it: the sender is believed, nothing is signed. */
export interface CanisterCall {
  readonly sender: Principal;
  readonly canisterId: Principal;
  readonly method: string;
  readonly arg: Uint8Array;
  readonly effective: EffectivePrincipal;
}

const effectiveSchema = z.union([
  z.literal('None').transform(() => ({ kind: 'none' as const })),
  z
    .object({ SubnetId: principalSchema })
    .transform(({ SubnetId }) => ({ kind: 'subnet' as const, id: SubnetId })),
  z
    .object({ CanisterId: principalSchema })
    .transform(({ CanisterId }) => ({ kind: 'canister' as const, id: CanisterId })),
]);

const canisterCallSchema = z.object({
  sender: principalSchema,
  canister_id: principalSchema,
  method: z.string(),
  payload: bytesSchema,
  effective_principal: effectiveSchema.default({ kind: 'none' }),
  sender_info: z.unknown().optional(),
});

export function parseCanisterCall(body: unknown): CanisterCall {
  const raw = canisterCallSchema.parse(body);
  if (raw.sender_info !== undefined && raw.sender_info !== null) {
    throw new PicError('localnet does not serve `sender_info`: calls carry no caller info.');
  }
  return {
    sender: raw.sender,
    canisterId: raw.canister_id,
    method: raw.method,
    arg: raw.payload,
    effective: raw.effective_principal,
  };
}

export const messageIdSchema = z.object({
  effective_principal: effectiveSchema,
  message_id: bytesSchema.refine((id) => id.length === 32, 'a message id has 32 bytes'),
});

export function encodeSubnetPrincipal(id: Principal): { SubnetId: string } {
  return { SubnetId: encodePrincipal(id) };
}

/** `certified` says whether the answer went through the replicated state (updates) or not. */
export function encodeResponse(response: Response, certified: boolean): unknown {
  return response.kind === 'reply'
    ? { Ok: encodeBytes(response.data) }
    : { Err: encodeReject(response, certified) };
}

export function encodeReject(reject: Reject, certified: boolean): unknown {
  return {
    reject_code: reject.code,
    reject_message: reject.message,
    error_code: reject.errorCode,
    certified,
  };
}
