import { concatBytes } from '@noble/hashes/utils.js';
import { errorCodeText, type Response as CallResponse } from '../core/types.ts';
import { domainSeparator } from '../crypto/bytes.ts';
import { encodeCbor } from '../crypto/cbor.ts';
import { hashOfMap } from '../crypto/request-id.ts';
import type { SubnetKeys } from './subnet-keys.ts';

const RESPONSE_SEPARATOR = domainSeparator('ic-response');

/**
 * The body of a query's answer, signed by the node.
 * Source: IC interface spec, "Request: Query call".
 */
export function encodeQueryResponse(
  response: CallResponse,
  context: {
    readonly requestId: Uint8Array;
    readonly timeNs: bigint;
    readonly keys: Pick<SubnetKeys, 'nodeId' | 'nodeKey'>;
  },
): Uint8Array {
  const { requestId, timeNs, keys } = context;
  const fields = responseFields(response);
  const hash = hashOfMap({ ...fields, timestamp: timeNs, request_id: requestId });
  const signature = keys.nodeKey.sign(concatBytes(RESPONSE_SEPARATOR, hash));
  const identity = keys.nodeId.toUint8Array();
  return encodeCbor({ ...fields, signatures: [{ timestamp: timeNs, signature, identity }] });
}

function responseFields(response: CallResponse) {
  if (response.kind === 'reply') {
    return { status: 'replied', reply: { arg: response.data } } as const;
  }
  return {
    status: 'rejected',
    reject_code: BigInt(response.code),
    reject_message: response.message,
    error_code: errorCodeText(response.errorCode),
  } as const;
}
