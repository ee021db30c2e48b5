import { authenticateNow, type ApiContext } from './api-context.ts';
import { cborAnswer } from './answers.ts';
import type { Envelope } from './envelope.ts';
import { encodeQueryResponse } from './query-response.ts';
import type { CallContent } from './request-content.ts';

/**
 * Runs a query call and signs the answer.
 *
 * Errors: `HttpError`.
 * Source: IC interface spec, "Request: Query call".
 */
export function handleQuery(
  request: { readonly envelope: Envelope; readonly content: CallContent },
  context: ApiContext,
): Response {
  const { id, sender, canisterId, method, arg } = request.content;
  authenticateNow(request.envelope, context);
  const { replica } = context.host;
  const response = replica.query({ sender, canisterId, method, arg });
  return cborAnswer(
    encodeQueryResponse(response, {
      requestId: id.bytes,
      timeNs: replica.timeNs(),
      keys: context.keys,
    }),
  );
}
