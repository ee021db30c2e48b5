import { randomBytes } from 'node:crypto';
import { Principal } from '@dfinity/principal';
import type { MessageId } from '../core/types.ts';
import { hashOfMap } from '../crypto/request-id.ts';
import type { ReplicaHost } from '../host/replica-host.ts';
import { GatewayFailure } from './gateway-failure.ts';
import { failureOfReject } from './reject-failures.ts';

/** Well within the IC's five minutes. */
const INGRESS_LIFETIME_NS = 240_000_000_000n;
const NONCE_BYTES = 16;

export interface CanisterCall {
  readonly canisterId: Principal;
  readonly method: string;
  readonly arg: Uint8Array;
}

/** The reply to a query by the anonymous principal. Errors: `GatewayFailure`. */
export function queryCanister(host: ReplicaHost, call: CanisterCall): Uint8Array {
  host.refreshTimeNs();
  const response = host.replica.query({ sender: Principal.anonymous(), ...call });
  if (response.kind === 'reject') throw failureOfReject(response, call);
  return response.data;
}

/** The reply to an update call by the anonymous principal. Errors: `GatewayFailure`. */
export async function updateCanister(
  host: ReplicaHost,
  call: CanisterCall,
  timeoutMs: number,
): Promise<Uint8Array> {
  const expiryNs = host.refreshTimeNs() + INGRESS_LIFETIME_NS;
  const sender = Principal.anonymous();
  const id = messageId(call, sender, expiryNs);
  const submitted = host.replica.submit({ id, sender, ...call, expiryNs });
  if (submitted.kind === 'refused') throw failureOfReject(submitted.reject, call);
  host.kick();
  const status = await host.waitForIngress(id, timeoutMs);
  switch (status.kind) {
    case 'replied':
      return status.data;
    case 'rejected':
      throw failureOfReject(status.reject, call);
    case 'unknown':
    case 'received':
    case 'processing':
    case 'done':
      throw new GatewayFailure({
        status: 504,
        cause: 'canister_timeout',
        message:
          `Canister ${call.canisterId.toText()} was asked to handle this as an update and had ` +
          `not answered after ${timeoutMs / 1000} s (status: ${status.kind}).`,
        advice:
          'if time on this network is moved by hand, let it progress; otherwise the canister is ' +
          'waiting for an answer itself.',
      });
  }
}

/** The request id the IC would give this call; the nonce makes every request its own. */
function messageId(call: CanisterCall, sender: Principal, expiryNs: bigint): MessageId {
  const hash = hashOfMap({
    request_type: 'call',
    sender: sender.toUint8Array(),
    nonce: new Uint8Array(randomBytes(NONCE_BYTES)),
    ingress_expiry: expiryNs,
    canister_id: call.canisterId.toUint8Array(),
    method_name: call.method,
    arg: call.arg,
  });
  return Buffer.from(hash).toString('hex') as MessageId;
}
