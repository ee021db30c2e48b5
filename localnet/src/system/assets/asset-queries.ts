import type { TypedHandler } from '../../core/define-native.ts';
import type { NativeContext } from '../../core/native.ts';
import { some, type Opt } from '../../core/candid-opt.ts';
import { answerHttpRequest, assertHash, continueStreaming } from './asset-http.ts';
import { compareKeys } from './asset-paths.ts';
import type { AssetState } from './asset-state.ts';
import {
  AssetError,
  type Asset,
  type AssetHttpRequest,
  type GetChunkArgs,
  type StreamingToken,
} from './asset-types.ts';

/** Of the upload interface. Source: dfinity/sdk ic-certified-assets. */
const API_VERSION = 2;
const LIST_PAGE = 100n;

/** Everything that only reads. */
export function assetQueries(state: AssetState): Record<string, TypedHandler> {
  return {
    api_version: () => API_VERSION,
    retrieve: (_: NativeContext, key: string) => retrieve(state, key),
    get: (_: NativeContext, args: { key: string; accept_encodings: string[] }) =>
      getAsset(state, args.key, args.accept_encodings),
    get_chunk: (_: NativeContext, args: GetChunkArgs) => ({ content: getChunk(state, args) }),
    list: (_: NativeContext, args: { start: Opt<bigint>; length: Opt<bigint> }) =>
      listAssets(state, args.start[0] ?? 0n, args.length[0] ?? LIST_PAGE),
    certified_tree: (context: NativeContext) => {
      const certificate = context.dataCertificate();
      if (certificate === undefined) throw new AssetError('no data certificate available');
      return { certificate, tree: state.certification.treeBytes() };
    },
    get_asset_properties: (_: NativeContext, key: string) => {
      const asset = state.assets.get(key);
      if (asset === undefined) throw new AssetError('asset not found');
      return propertiesOf(asset);
    },
    get_state_info: () => ({
      last_state_update_timestamp: state.lastUpdateNs,
      state_hash: some(state.stateHash),
    }),
    http_request: (context: NativeContext, request: AssetHttpRequest) =>
      answerHttpRequest(state, context, request),
    http_request_streaming_callback: (_: NativeContext, token: StreamingToken) =>
      continueStreaming(state, token),
  };
}

function retrieve(state: AssetState, key: string): Uint8Array {
  const encoding = state.existing(key).encodings.get('identity');
  if (encoding === undefined) throw new AssetError('no identity encoding');
  const [content, ...others] = encoding.chunks;
  if (content === undefined || others.length > 0) {
    throw new AssetError('Asset too large. Use get() and get_chunk() instead.');
  }
  return content;
}

function getAsset(state: AssetState, key: string, accepted: readonly string[]): unknown {
  const asset = state.existing(key);
  const name = accepted.find((candidate) => asset.encodings.has(candidate));
  const encoding = name === undefined ? undefined : asset.encodings.get(name);
  if (encoding === undefined) throw new AssetError('no such encoding');
  return {
    content: encoding.chunks[0],
    content_type: asset.contentType,
    content_encoding: name,
    total_length: encoding.totalLength,
    sha256: [encoding.sha256],
  };
}

function getChunk(state: AssetState, args: GetChunkArgs): Uint8Array {
  const encoding = state.existing(args.key).encodings.get(args.content_encoding);
  if (encoding === undefined) throw new AssetError('no such encoding');
  assertHash(args.sha256[0], encoding.sha256);
  const chunk = encoding.chunks[Number(args.index)];
  if (chunk === undefined) throw new AssetError('chunk index out of bounds');
  return chunk;
}

function listAssets(state: AssetState, start: bigint, length: bigint): unknown[] {
  const first = Number(start);
  const count = Number(length < LIST_PAGE ? length : LIST_PAGE);
  return [...state.assets]
    .sort(([left], [right]) => compareKeys(left, right))
    .slice(first, first + count)
    .map(([key, asset]) => ({
      key,
      content_type: asset.contentType,
      encodings: [...asset.encodings]
        .sort(([left], [right]) => compareKeys(left, right))
        .map(([name, encoding]) => ({
          content_encoding: name,
          sha256: [encoding.sha256],
          length: encoding.totalLength,
          modified: encoding.modifiedNs,
        })),
      ...propertiesOf(asset),
    }));
}

function propertiesOf(asset: Asset): object {
  return {
    max_age: some(asset.maxAgeSeconds),
    headers: some(asset.headers),
    allow_raw_access: some(asset.allowsRawAccess),
    is_aliased: some(asset.isAliased),
  };
}
