import { IDL } from '@dfinity/candid';
import { Principal } from '@dfinity/principal';
import type { Kernel } from '../core/kernel.ts';
import { runQuery } from '../core/run-query.ts';
import {
  ErrorCode,
  type HttpOutcallAnswer,
  type Reject,
  reject,
  RejectCode,
  reply,
  type Response,
} from '../core/types.ts';
import { utf8 } from '../crypto/bytes.ts';
import { HttpResult, TransformArgs, type WireTransform } from './wire/http.ts';

interface Pending {
  readonly maxResponseBytes: bigint;
  readonly transform: WireTransform | undefined;
}

/** Turns the outside world's answer into the response of http_request, through the transform. */
export function settleOutcall(
  kernel: Kernel,
  pending: Pending,
  answer: HttpOutcallAnswer,
): Response {
  if (answer.kind === 'reject') {
    const { code, message } = answer;
    return { kind: 'reject', code, message, errorCode: ErrorCode.CanisterRejectedMessage };
  }
  const headerBytes = answer.headers.reduce(
    (sum, { name, value }) => sum + utf8(name).length + utf8(value).length,
    0,
  );
  if (BigInt(headerBytes + answer.body.length) > pending.maxResponseBytes) {
    return tooLarge('Http body', pending.maxResponseBytes);
  }
  const result = {
    status: BigInt(answer.status),
    headers: answer.headers,
    body: answer.body,
  };
  const { transform } = pending;
  if (transform === undefined) return reply(new Uint8Array(IDL.encode([HttpResult], [result])));
  return runTransform(kernel, { transform, result, maxBytes: pending.maxResponseBytes });
}

function runTransform(
  kernel: Kernel,
  facts: { transform: WireTransform; result: unknown; maxBytes: bigint },
): Response {
  const { context, function: target } = facts.transform;
  const [canisterId, method] = target;
  const response = runQuery(kernel, {
    sender: Principal.managementCanister(),
    canisterId,
    method,
    arg: new Uint8Array(IDL.encode([TransformArgs], [{ response: facts.result, context }])),
  });
  const isTooLarge = response.kind === 'reply' && BigInt(response.data.length) > facts.maxBytes;
  return isTooLarge ? tooLarge('Transformed http response', facts.maxBytes) : response;
}

function tooLarge(what: string, max: bigint): Reject {
  return {
    ...reject(
      ErrorCode.CanisterRejectedMessage,
      `${what} exceeds size limit of ${max.toString()} bytes.`,
    ),
    code: RejectCode.SysFatal,
  };
}
