import type { Principal } from '@dfinity/principal';
import { encodeCbor } from '../crypto/cbor.ts';
import { authenticateNow, type ApiContext } from './api-context.ts';
import { cborAnswer } from './answers.ts';
import type { Envelope } from './envelope.ts';
import { assertPathLimits, checkPaths, type ReadStateAccess } from './read-state-rules.ts';
import type { ReadStateContent } from './request-content.ts';

/**
 * Answers with a certificate for the paths asked for.
 *
 * Errors: `HttpError`.
 * Source: IC interface spec, "Request: Read state".
 */
export function handleReadState(
  request: {
    readonly envelope: Envelope;
    readonly content: ReadStateContent;
    readonly door: ReadStateAccess['door'];
    readonly effectiveId: Principal;
  },
  context: ApiContext,
): Response {
  const { content, door, effectiveId } = request;
  assertPathLimits(content.paths);
  const scope = authenticateNow(request.envelope, context);
  const { replica } = context.host;
  const access = { replica, sender: content.sender, scope, door, effectiveId };
  const messageId = checkPaths(content.paths, access);
  if (messageId !== undefined) context.certifier.track(messageId);
  const certificate = context.certifier.certificate(content.paths);
  return cborAnswer(encodeCbor({ certificate }));
}
