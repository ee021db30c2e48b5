import { sha256, utf8 } from '../../crypto/bytes.ts';
import { EMPTY, leaf } from '../../crypto/hash-tree.ts';
import { forestOf, withLabel, type Forest } from '../../crypto/label-forest.ts';
import { hashOfMap } from '../../crypto/request-id.ts';
import type { HeaderField } from './asset-types.ts';

export const EXPRESSION_HEADER = 'ic-certificateexpression';

/** A response as its certificate sees it. Header names are lower-case and unique. */
export interface CertifiableResponse {
  readonly status: number;
  readonly headers: readonly HeaderField[];
  readonly bodyHash: Uint8Array;
}

/**
 * Says that status, body and exactly these response headers are certified, the request is not.
 * Source: HTTP gateway protocol, "The Certificate Expression Header".
 */
export function certificateExpression(headers: readonly HeaderField[]): string {
  const names = headers.map(([name]) => `"${name}"`).join(', ');
  return (
    'default_certification(ValidationArgs{certification: Certification{' +
    'no_request_certification: Empty{}, ' +
    'response_certification: ResponseCertification{' +
    `certified_response_headers: ResponseHeaderList{headers: [${names}]}}}})`
  );
}

/** Source: HTTP gateway protocol, "Response Hash Calculation". */
export function responseHash(response: CertifiableResponse): Uint8Array {
  const headersHash = hashOfMap({
    ...Object.fromEntries(response.headers),
    [EXPRESSION_HEADER]: certificateExpression(response.headers),
    ':ic-cert-status': BigInt(response.status),
  });
  return sha256(headersHash, response.bodyHash);
}

/**
 * What stands below an expression path: for each allowed response the hash of its expression, no
 * request hash, the response hash and an empty leaf.
 */
export function responseEntries(responses: readonly CertifiableResponse[]): Forest {
  const byExpression = new Map<string, Forest>();
  for (const response of responses) {
    const expression = certificateExpression(response.headers);
    const known = byExpression.get(expression) ?? EMPTY;
    byExpression.set(expression, withLabel(known, responseHash(response), leaf(utf8(''))));
  }
  return forestOf(
    [...byExpression].map(([expression, hashes]) => [
      sha256(utf8(expression)),
      forestOf([[utf8(''), hashes]]),
    ]),
  );
}
