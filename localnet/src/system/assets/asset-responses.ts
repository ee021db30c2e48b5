import { sha256, utf8 } from '../../crypto/bytes.ts';
import type { Asset, AssetEncoding, HeaderField } from './asset-types.ts';
import type { CertifiableResponse } from './response-certification.ts';

export const NOT_FOUND_BODY = utf8('not found');

const EMPTY_BODY_HASH = sha256();

/** What is answered where neither an asset nor a fallback page exists. */
export const NOT_FOUND: CertifiableResponse = {
  status: 404,
  headers: [['content-type', 'text/plain']],
  bodyHash: sha256(NOT_FOUND_BODY),
};

/** The response headers of one encoding, every one certified; properties override the defaults. */
export function assetHeaders(
  asset: Asset,
  encoding: AssetEncoding,
  encodingName: string,
): HeaderField[] {
  const headers = new Map<string, string>([['content-type', asset.contentType]]);
  if (encodingName !== 'identity') headers.set('content-encoding', encodingName);
  if (asset.maxAgeSeconds !== undefined) {
    headers.set('cache-control', `max-age=${asset.maxAgeSeconds.toString()}`);
  }
  headers.set('etag', `"${Buffer.from(encoding.sha256).toString('hex')}"`);
  for (const [name, value] of asset.headers ?? []) headers.set(name.toLowerCase(), value);
  return [...headers];
}

/** Everything an asset may be answered with: each encoding in full, or as not modified. */
export function assetResponses(asset: Asset): CertifiableResponse[] {
  return [...asset.encodings].flatMap(([name, encoding]) => {
    const headers = assetHeaders(asset, encoding, name);
    return [
      { status: 200, headers, bodyHash: encoding.sha256 },
      { status: 304, headers, bodyHash: EMPTY_BODY_HASH },
    ];
  });
}
