import { hash } from 'node:crypto';
import {
  AssetError,
  type Asset,
  type AssetEncoding,
  type BatchOperation,
  type CreateAssetArgs,
  type HeaderField,
  type SetAssetContentArgs,
  type SetAssetPropertiesArgs,
  type StoreArgs,
  type UnsetAssetContentArgs,
} from './asset-types.ts';
import { compareKeys } from './asset-paths.ts';

/** RFC 9110 token: what may name a header. */
const HEADER_NAME = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
/** Visible text, spaces and tabs: what Node and browsers accept as a header value. */
const HEADER_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;

export interface AssetDraftOptions {
  readonly assets: ReadonlyMap<string, Asset>;
  readonly chunks: ReadonlyMap<bigint, { readonly content: Uint8Array }>;
  readonly nowNs: bigint;
}

/**
 * Changes prepared on a copy, so that a batch whose last operation fails leaves nothing behind.
 * Whoever owns the state adopts `assets` and drops `takenChunks` once all has succeeded.
 */
export class AssetDraft {
  readonly assets: Map<string, Asset>;
  readonly changedKeys = new Set<string>();
  readonly takenChunks = new Set<bigint>();
  readonly #chunks: ReadonlyMap<bigint, { readonly content: Uint8Array }>;
  readonly #nowNs: bigint;
  #isCleared = false;

  constructor(options: AssetDraftOptions) {
    this.assets = new Map(options.assets);
    this.#chunks = options.chunks;
    this.#nowNs = options.nowNs;
  }

  /** True once everything was removed, open batches included. */
  get isCleared(): boolean {
    return this.#isCleared;
  }

  apply(operation: BatchOperation): void {
    if ('CreateAsset' in operation) this.createAsset(operation.CreateAsset);
    else if ('SetAssetContent' in operation) this.setAssetContent(operation.SetAssetContent);
    else if ('SetAssetProperties' in operation) {
      this.setAssetProperties(operation.SetAssetProperties);
    } else if ('UnsetAssetContent' in operation) {
      this.unsetAssetContent(operation.UnsetAssetContent);
    } else if ('DeleteAsset' in operation) this.deleteAsset(operation.DeleteAsset.key);
    else this.clear();
  }

  createAsset(args: CreateAssetArgs): void {
    if (this.assets.has(args.key)) throw new AssetError('asset already exists');
    this.#put(args.key, {
      contentType: checkedHeaderValue('content-type', args.content_type),
      encodings: new Map(),
      maxAgeSeconds: args.max_age[0],
      headers: checkedHeaders(args.headers[0]),
      isAliased: args.enable_aliasing[0],
      allowsRawAccess: args.allow_raw_access[0],
    });
  }

  setAssetContent(args: SetAssetContentArgs): void {
    const asset = this.#existing(args.key);
    const lastChunk = args.last_chunk[0];
    if (args.chunk_ids.length === 0 && lastChunk === undefined) {
      throw new AssetError('encoding must have at least one chunk or contain last_chunk');
    }
    const chunks = args.chunk_ids.map((id) => this.#takeChunk(id));
    if (lastChunk !== undefined) chunks.push(lastChunk);
    this.#putEncoding({
      key: args.key,
      asset,
      name: args.content_encoding,
      encoding: this.#encoding(chunks, args.sha256[0]),
    });
  }

  unsetAssetContent(args: UnsetAssetContentArgs): void {
    const asset = this.#existing(args.key);
    if (!asset.encodings.has(args.content_encoding)) return;
    const encodings = new Map(asset.encodings);
    encodings.delete(args.content_encoding);
    this.#put(args.key, { ...asset, encodings });
  }

  setAssetProperties(args: SetAssetPropertiesArgs): void {
    const asset = this.#existing(args.key);
    const [maxAge] = args.max_age;
    const [headers] = args.headers;
    const [allowsRawAccess] = args.allow_raw_access;
    const [isAliased] = args.is_aliased;
    this.#put(args.key, {
      ...asset,
      maxAgeSeconds: maxAge === undefined ? asset.maxAgeSeconds : maxAge[0],
      headers: headers === undefined ? asset.headers : checkedHeaders(headers[0]),
      allowsRawAccess: allowsRawAccess === undefined ? asset.allowsRawAccess : allowsRawAccess[0],
      isAliased: isAliased === undefined ? asset.isAliased : isAliased[0],
    });
  }

  deleteAsset(key: string): void {
    if (this.assets.delete(key)) this.changedKeys.add(key);
  }

  clear(): void {
    for (const key of this.assets.keys()) this.changedKeys.add(key);
    this.assets.clear();
    this.#isCleared = true;
  }

  /** Creates or replaces an asset with one encoding held in one chunk. */
  store(args: StoreArgs): void {
    const encoding = this.#encoding([args.content], args.sha256[0]);
    const known = this.assets.get(args.key);
    const asset: Asset = {
      contentType: checkedHeaderValue('content-type', args.content_type),
      encodings: known?.encodings ?? new Map<string, AssetEncoding>(),
      maxAgeSeconds: known?.maxAgeSeconds,
      headers: known?.headers,
      isAliased: args.aliased[0],
      allowsRawAccess: known?.allowsRawAccess,
    };
    this.#putEncoding({ key: args.key, asset, name: args.content_encoding, encoding });
  }

  #existing(key: string): Asset {
    const asset = this.assets.get(key);
    if (asset === undefined) throw new AssetError('asset not found');
    return asset;
  }

  #put(key: string, asset: Asset): void {
    this.assets.set(key, asset);
    this.changedKeys.add(key);
  }

  #putEncoding(put: {
    readonly key: string;
    readonly asset: Asset;
    readonly name: string;
    readonly encoding: AssetEncoding;
  }): void {
    const name = checkedHeaderValue('content-encoding', put.name);
    const encodings = new Map(put.asset.encodings).set(name, put.encoding);
    this.#put(put.key, { ...put.asset, encodings });
  }

  #takeChunk(id: bigint): Uint8Array {
    const chunk = this.#isCleared || this.takenChunks.has(id) ? undefined : this.#chunks.get(id);
    if (chunk === undefined) throw new AssetError('chunk not found');
    this.takenChunks.add(id);
    return chunk.content;
  }

  #encoding(chunks: readonly Uint8Array[], expectedHash: Uint8Array | undefined): AssetEncoding {
    const sha256 = new Uint8Array(hash('sha256', Buffer.concat(chunks), 'buffer'));
    if (expectedHash !== undefined && expectedHash.length !== sha256.length) {
      throw new AssetError('invalid SHA-256');
    }
    if (expectedHash !== undefined && Buffer.compare(expectedHash, sha256) !== 0) {
      throw new AssetError('sha256 mismatch');
    }
    const totalLength = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
    return { modifiedNs: this.#nowNs, chunks, totalLength, sha256 };
  }
}

/** One value per name, the last given, sorted; refuses what no HTTP response could carry. */
function checkedHeaders(fields: readonly HeaderField[] | undefined): HeaderField[] | undefined {
  if (fields === undefined) return undefined;
  const byName = new Map<string, string>();
  for (const [name, value] of fields) {
    if (!HEADER_NAME.test(name)) throw new AssetError(`invalid header name: ${name}`);
    byName.set(name, checkedHeaderValue(name, value));
  }
  return [...byName].sort(([left], [right]) => compareKeys(left, right));
}

function checkedHeaderValue(name: string, value: string): string {
  if (!HEADER_VALUE.test(value)) throw new AssetError(`invalid value for header ${name}`);
  return value;
}
