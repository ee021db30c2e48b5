import { errorCodeText, type Reject } from '../core/types.ts';
import { encodeCbor } from '../crypto/cbor.ts';
import { authenticateNow, type ApiContext } from './api-context.ts';
import { cborAnswer } from './answers.ts';
import { expiryHere } from './authenticate.ts';
import type { Envelope } from './envelope.ts';
import { HttpError } from './http-error.ts';
import type { CallContent } from './request-content.ts';
import { isEnded } from './request-status-tree.ts';

/** v2 answers at once and the client polls; later versions wait and answer with a certificate. */
export type CallMode = 'asynchronous' | 'synchronous';

/**
 * Takes an update call. A call that was taken before is not run again; a synchronous one then gets
 * the outcome of the first.
 *
 * Errors: `HttpError`.
 * Source: IC interface spec, "Request: Call" and "Request: Asynchronous Call".
 */
export async function handleCall(
  request: {
    readonly envelope: Envelope;
    readonly content: CallContent;
    readonly bodyBytes: number;
    readonly mode: CallMode;
  },
  context: ApiContext,
): Promise<Response> {
  const { content, mode } = request;
  const { id, sender, canisterId, method, arg } = content;
  assertSize(request, context);
  authenticateNow(request.envelope, context);

  const { host } = context;
  const clock = { nowNs: host.refreshTimeNs(), aheadNs: host.aheadNs };
  const expiryNs = expiryHere(content.expiryNs, clock);
  const message = { id: id.messageId, sender, canisterId, method, arg, expiryNs };
  const outcome = host.replica.submit(message);
  if (outcome.kind === 'refused') return refusal(outcome.reject, mode);
  host.kick();
  if (mode === 'asynchronous') return accepted('');

  const status = await host.waitForIngress(id.messageId, context.syncCallTimeoutMs);
  if (!isEnded(status)) {
    return accepted(
      'Message did not complete execution and certification within the replica defined timeout.',
    );
  }
  const certificate = context.certifier.requestCertificate(id);
  return cborAnswer(encodeCbor({ status: 'replied', certificate }));
}

function assertSize(
  request: { readonly content: CallContent; readonly bodyBytes: number },
  { ingressBytes }: ApiContext,
): void {
  if (request.bodyBytes <= ingressBytes) return;
  throw new HttpError(
    413,
    `Request 0x${request.content.id.messageId} is too large. Message byte size ` +
      `${request.bodyBytes} is larger than the max allowed ${ingressBytes}.`,
  );
}

function refusal(reject: Reject, mode: CallMode): Response {
  return cborAnswer(
    encodeCbor({
      status: mode === 'synchronous' ? 'non_replicated_rejection' : undefined,
      error_code: errorCodeText(reject.errorCode),
      reject_message: reject.message,
      reject_code: reject.code,
    }),
  );
}

function accepted(reason: string): Response {
  return new Response(reason, { status: 202 });
}
