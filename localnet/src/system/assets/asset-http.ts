import type { NativeContext } from '../../core/native.ts';
import { utf8 } from '../../crypto/bytes.ts';
import { some } from '../../core/candid-opt.ts';
import { decodedPath, FALLBACK_KEY } from './asset-paths.ts';
import { assetHeaders, NOT_FOUND, NOT_FOUND_BODY } from './asset-responses.ts';
import { servedPath, type AssetState } from './asset-state.ts';
import {
  AssetError,
  type Asset,
  type AssetEncoding,
  type AssetHttpRequest,
  type AssetHttpResponse,
  type HeaderField,
  type StreamingToken,
} from './asset-types.ts';
import { acceptedEncodings, chooseEncoding } from './encoding-choice.ts';
import { certificateExpression, EXPRESSION_HEADER } from './response-certification.ts';

const STREAMING_METHOD = 'http_request_streaming_callback';
const RAW_LABEL = '.raw.';

type CertificateVersion = 1 | 2;

/**
 * Answers a gateway: the asset of the path or of an alias, else `/index.html`, else a 404, each
 * with its certificate. Errors: `AssetError` where the system gives no certificate, that is
 * anywhere but in a query from outside.
 */
export function answerHttpRequest(
  state: AssetState,
  context: NativeContext,
  request: AssetHttpRequest,
): AssetHttpResponse {
  const decoded = decodedPath(request.url);
  if (decoded === undefined) {
    return plain(400, utf8(`failed to decode path '${request.url}': invalid percent encoding`));
  }
  const path = servedPath(decoded);
  const key = state.servedAt(path) === undefined ? FALLBACK_KEY : path;
  const asset = state.servedAt(key);
  const redirect = asset?.allowsRawAccess === false ? certifiedLocation(request) : undefined;
  if (redirect !== undefined) return { ...plain(308), headers: [['location', redirect]] };

  const certificate = context.dataCertificate();
  if (certificate === undefined) throw new AssetError('no data certificate available');
  const version = certificateVersion(request);
  const proof = state.certification.certificateHeader({ path, certificate, version });
  const chosen = asset === undefined ? undefined : encodingFor(asset, request, version);
  const response =
    chosen === undefined
      ? plain(404, NOT_FOUND_BODY, NOT_FOUND.headers)
      : contentResponse({ context, request, key, ...chosen });
  return certified(response, proof, version);
}

/** The next part of a streamed answer, and the token of the one after it. */
export function continueStreaming(
  state: AssetState,
  token: StreamingToken,
): { readonly body: Uint8Array; readonly token: [] | [StreamingToken] } {
  const encoding = state.find(token.key)?.encodings.get(token.content_encoding);
  if (encoding === undefined) {
    throw new AssetError('Invalid token on streaming: no such asset or encoding.');
  }
  assertHash(token.sha256[0], encoding.sha256);
  const index = Number(token.index);
  const body = encoding.chunks[index];
  if (body === undefined) throw new AssetError('Invalid token on streaming: no such chunk.');
  return { body, token: some(tokenAt(token.key, token.content_encoding, encoding, index + 1)) };
}

/** Refuses to go on with another version of the content than the caller began with. */
export function assertHash(given: Uint8Array | undefined, actual: Uint8Array): void {
  if (given === undefined) throw new AssetError('sha256 required');
  if (Buffer.compare(given, actual) !== 0) throw new AssetError('sha256 mismatch');
}

interface ChosenEncoding {
  readonly asset: Asset;
  readonly name: string;
  readonly encoding: AssetEncoding;
}

function encodingFor(
  asset: Asset,
  request: AssetHttpRequest,
  certificateVersion: CertificateVersion,
): ChosenEncoding | undefined {
  const name = chooseEncoding({
    available: asset.encodings,
    accepted: acceptedEncodings(headerValue(request, 'accept-encoding') ?? ''),
    certificateVersion,
  });
  const encoding = name === undefined ? undefined : asset.encodings.get(name);
  return name === undefined || encoding === undefined ? undefined : { asset, name, encoding };
}

interface ContentOptions extends ChosenEncoding {
  readonly context: NativeContext;
  readonly request: AssetHttpRequest;
  readonly key: string;
}

function contentResponse(options: ContentOptions): AssetHttpResponse {
  const { context, request, key, asset, name, encoding } = options;
  const headers = assetHeaders(asset, encoding, name);
  const etag = headers.find(([header]) => header === 'etag')?.[1];
  if (isKnown(headerValue(request, 'if-none-match'), etag)) {
    return plain(304, new Uint8Array(), headers);
  }
  const response = plain(200, encoding.chunks[0], headers);
  const token = tokenAt(key, name, encoding, 1);
  if (token === undefined) return response;
  const callback: [typeof context.self, string] = [context.self, STREAMING_METHOD];
  return { ...response, streaming_strategy: [{ Callback: { callback, token } }] };
}

function tokenAt(
  key: string,
  contentEncoding: string,
  encoding: AssetEncoding,
  index: number,
): StreamingToken | undefined {
  if (index >= encoding.chunks.length) return undefined;
  return {
    key,
    content_encoding: contentEncoding,
    index: BigInt(index),
    sha256: [encoding.sha256],
  };
}

function certified(
  response: AssetHttpResponse,
  proof: HeaderField,
  version: CertificateVersion,
): AssetHttpResponse {
  const headers: HeaderField[] = [...response.headers, proof];
  if (version === 2) headers.push([EXPRESSION_HEADER, certificateExpression(response.headers)]);
  return { ...response, headers };
}

function plain(
  statusCode: number,
  body: Uint8Array = new Uint8Array(),
  headers: readonly HeaderField[] = [],
): AssetHttpResponse {
  return {
    status_code: statusCode,
    headers: [...headers],
    body,
    upgrade: [],
    streaming_strategy: [],
  };
}

/** No version asked for means the first; a version unknown here gets the newest known. */
function certificateVersion(request: AssetHttpRequest): CertificateVersion {
  const [version = 1] = request.certificate_version;
  return version === 1 ? 1 : 2;
}

/** Where a request for a `raw` host finds the same page certified; undefined if it is there. */
function certifiedLocation(request: AssetHttpRequest): string | undefined {
  const host = headerValue(request, 'host');
  if (host?.includes(RAW_LABEL) !== true) return undefined;
  return `//${host.replace(RAW_LABEL, '.')}${request.url}`;
}

function headerValue(request: AssetHttpRequest, name: string): string | undefined {
  return request.headers.find(([header]) => header.toLowerCase() === name)?.[1];
}

/** Source: RFC 9110, section 13.1.2; the comparison is the weak one. */
function isKnown(ifNoneMatch: string | undefined, etag: string | undefined): boolean {
  if (ifNoneMatch === undefined || etag === undefined) return false;
  const known = ifNoneMatch.split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  return known.includes('*') || known.includes(etag.replace(/^W\//, ''));
}
