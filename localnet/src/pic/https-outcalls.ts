import type { Principal } from '@dfinity/principal';
import { z } from 'zod';
import type { Replica } from '../core/replica-api.ts';
import { RejectCode, type HttpOutcall, type HttpOutcallAnswer } from '../core/types.ts';
import { findSubnetOf, subnetById } from './call-routing.ts';
import { PicError } from './pic-error.ts';
import type { PicInstance } from './pic-instance.ts';
import { bytesSchema, encodeBytes, encodePrincipal, principalSchema } from './wire.ts';

/** Lists the HTTPS outcalls that wait for an answer and answers them with mocks. */

const REJECT_CODES: readonly number[] = Object.values(RejectCode);

const answerSchema = z.union([
  z
    .object({
      CanisterHttpReply: z.object({
        status: z.int().min(0).max(65_535),
        headers: z.array(z.object({ name: z.string(), value: z.string() })),
        body: bytesSchema,
      }),
    })
    .transform(({ CanisterHttpReply }) => ({ kind: 'reply' as const, ...CanisterHttpReply })),
  z
    .object({
      CanisterHttpReject: z.object({ reject_code: z.int().nonnegative(), message: z.string() }),
    })
    .transform(({ CanisterHttpReject: { reject_code, message } }) => ({
      kind: 'reject' as const,
      code: rejectCodeOf(reject_code),
      message,
    })),
]);

const mockSchema = z.object({
  subnet_id: z.object({ subnet_id: principalSchema }),
  request_id: z.int().nonnegative(),
  response: answerSchema,
  additional_responses: z.array(answerSchema).default([]),
});

export function encodePendingOutcalls(instance: PicInstance): unknown {
  return instance.replica.pendingHttpOutcalls().map((outcall) => encodeOutcall(instance, outcall));
}

/** Answers an outcall; the canister sees it in the next round. Throws `PicError` if it cannot. */
export function mockOutcall(instance: PicInstance, body: unknown): void {
  const mock = mockSchema.parse(body);
  const subnet = subnetById(instance.plan, mock.subnet_id.subnet_id);
  const outcall = findPending(instance.replica, mock.request_id);
  if (outcall === undefined || !isOn(instance, outcall, subnet.id)) {
    const key = `(${subnet.id.toText()}, ${mock.request_id})`;
    throw new PicError(`InvalidCanisterHttpRequestId(${key})`);
  }
  const answers = [mock.response, ...mock.additional_responses];
  if (answers.length > 1 && answers.length !== subnet.size) {
    const counts = `(${answers.length}, ${subnet.size})`;
    throw new PicError(`InvalidMockCanisterHttpResponses(${counts})`);
  }
  instance.replica.answerHttpOutcall(outcall.id, agreedAnswer(answers));
}

/**
 * One replica stands for all nodes, so it takes one answer. Nodes that saw different answers would
 * each transform theirs before they compare them, which one replica cannot do.
 */
function agreedAnswer(answers: readonly HttpOutcallAnswer[]): HttpOutcallAnswer {
  const [first, ...others] = answers;
  if (first === undefined) throw new Error('BUG: a mock without answers');
  const text = describe(first);
  if (others.some((other) => describe(other) !== text)) {
    throw new PicError(
      'localnet does not serve differing `additional_responses`: one node answers for the subnet.',
    );
  }
  return first;
}

function describe(answer: HttpOutcallAnswer): string {
  return JSON.stringify(
    answer.kind === 'reply' ? { ...answer, body: encodeBytes(answer.body) } : answer,
  );
}

function findPending(replica: Replica, id: number): HttpOutcall | undefined {
  return replica.pendingHttpOutcalls().find((outcall) => outcall.id === id);
}

function isOn(instance: PicInstance, outcall: HttpOutcall, subnetId: Principal): boolean {
  return subnetOf(instance, outcall).compareTo(subnetId) === 'eq';
}

function subnetOf(instance: PicInstance, outcall: HttpOutcall): Principal {
  const subnet = findSubnetOf(instance.plan, outcall.canisterId) ?? instance.plan.defaultSubnet;
  return subnet.id;
}

function encodeOutcall(instance: PicInstance, outcall: HttpOutcall): unknown {
  return {
    subnet_id: { subnet_id: encodePrincipal(subnetOf(instance, outcall)) },
    request_id: outcall.id,
    http_method: outcall.method,
    url: outcall.url,
    headers: outcall.headers,
    body: encodeBytes(outcall.body),
    max_response_bytes:
      outcall.maxResponseBytes === undefined ? null : Number(outcall.maxResponseBytes),
  };
}

function rejectCodeOf(code: number): RejectCode {
  if (!REJECT_CODES.includes(code)) throw new PicError(`InvalidRejectCode(${code})`);
  return code as RejectCode;
}
