import { createHash, type Hash } from 'node:crypto';
import { some, type Opt } from '../../core/candid-opt.ts';
import { compareKeys } from './asset-paths.ts';
import {
  type Asset,
  type BatchOperation,
  type CreateAssetArgs,
  type HeaderField,
  type SetAssetContentArgs,
  type SetAssetPropertiesArgs,
} from './asset-types.ts';

/** One byte before each part, so that no two different batches hash alike. */
const Tag = {
  False: 0,
  True: 1,
  None: 2,
  Some: 3,
  CreateAsset: 4,
  SetAssetContent: 5,
  UnsetAssetContent: 6,
  DeleteAsset: 7,
  Clear: 8,
  SetAssetProperties: 9,
} as const;

type ChunkLookup = (id: bigint) => Uint8Array | undefined;

/**
 * SHA-256 over a proposed batch, equal to what the uploading client computes from its files.
 * Source: dfinity/sdk ic-asset `evidence`.
 */
export function batchEvidence(
  operations: readonly BatchOperation[],
  chunk: ChunkLookup,
): Uint8Array {
  const hasher = createHash('sha256');
  for (const operation of operations) addOperation(hasher, operation, chunk);
  return new Uint8Array(hasher.digest());
}

/** Hex SHA-256 over all assets in the order of their keys. */
export function stateHash(assets: ReadonlyMap<string, Asset>): string {
  const hasher = createHash('sha256');
  const entries = [...assets].sort(([left], [right]) => compareKeys(left, right));
  for (const [key, asset] of entries) {
    addCreateAsset(hasher, {
      key,
      content_type: asset.contentType,
      max_age: some(asset.maxAgeSeconds),
      headers: some(asset.headers === undefined ? undefined : [...asset.headers]),
      enable_aliasing: some(asset.isAliased),
      allow_raw_access: some(asset.allowsRawAccess),
    });
    const encodings = [...asset.encodings].sort(([left], [right]) => compareKeys(left, right));
    for (const [name, encoding] of encodings) {
      addContentHead(hasher, { key, content_encoding: name, sha256: [encoding.sha256] });
      for (const chunk of encoding.chunks) hasher.update(chunk);
    }
  }
  return hasher.digest('hex');
}

function addOperation(hasher: Hash, operation: BatchOperation, chunk: ChunkLookup): void {
  if ('CreateAsset' in operation) {
    addCreateAsset(hasher, operation.CreateAsset);
  } else if ('SetAssetContent' in operation) {
    addContentHead(hasher, operation.SetAssetContent);
    addContentChunks(hasher, operation.SetAssetContent, chunk);
  } else if ('SetAssetProperties' in operation) {
    addProperties(hasher, operation.SetAssetProperties);
  } else if ('UnsetAssetContent' in operation) {
    addTag(hasher, Tag.UnsetAssetContent);
    hasher.update(operation.UnsetAssetContent.key);
    hasher.update(operation.UnsetAssetContent.content_encoding);
  } else if ('DeleteAsset' in operation) {
    addTag(hasher, Tag.DeleteAsset);
    hasher.update(operation.DeleteAsset.key);
  } else {
    addTag(hasher, Tag.Clear);
  }
}

function addCreateAsset(hasher: Hash, args: CreateAssetArgs): void {
  addTag(hasher, Tag.CreateAsset);
  hasher.update(args.key).update(args.content_type);
  addOpt(hasher, args.max_age, addU64);
  addOpt(hasher, args.headers, addHeaders);
  addOpt(hasher, args.allow_raw_access, addBool);
  addOpt(hasher, args.enable_aliasing, addBool);
}

function addContentHead(
  hasher: Hash,
  args: Pick<SetAssetContentArgs, 'key' | 'content_encoding' | 'sha256'>,
): void {
  addTag(hasher, Tag.SetAssetContent);
  hasher.update(args.key).update(args.content_encoding);
  addOpt(hasher, args.sha256, (target, bytes) => target.update(bytes));
}

/** `last_chunk` counts only where no chunk ids are given: clients compute it that way. */
function addContentChunks(hasher: Hash, args: SetAssetContentArgs, chunk: ChunkLookup): void {
  for (const id of args.chunk_ids) {
    const content = chunk(id);
    if (content !== undefined) hasher.update(content);
  }
  const lastChunk = args.last_chunk[0];
  if (args.chunk_ids.length === 0 && lastChunk !== undefined) hasher.update(lastChunk);
}

function addProperties(hasher: Hash, args: SetAssetPropertiesArgs): void {
  addTag(hasher, Tag.SetAssetProperties);
  hasher.update(args.key);
  addOpt(hasher, args.max_age, (target, value) => {
    addOpt(target, value, addU64);
  });
  addOpt(hasher, args.headers, (target, value) => {
    addOpt(target, value, addHeaders);
  });
  addOpt(hasher, args.allow_raw_access, (target, value) => {
    addOpt(target, value, addBool);
  });
  addOpt(hasher, args.is_aliased, (target, value) => {
    addOpt(target, value, addBool);
  });
}

function addOpt<T>(hasher: Hash, opt: Opt<T>, add: (hasher: Hash, value: T) => void): void {
  const [value] = opt;
  addTag(hasher, value === undefined ? Tag.None : Tag.Some);
  if (value !== undefined) add(hasher, value);
}

function addTag(hasher: Hash, tag: number): void {
  hasher.update(Uint8Array.of(tag));
}

function addBool(hasher: Hash, value: boolean): void {
  addTag(hasher, value ? Tag.True : Tag.False);
}

function addU64(hasher: Hash, value: bigint): void {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(value);
  hasher.update(bytes);
}

function addHeaders(hasher: Hash, headers: readonly HeaderField[]): void {
  const byName = new Map(headers);
  const sorted = [...byName].sort(([left], [right]) => compareKeys(left, right));
  for (const [name, value] of sorted) hasher.update(name).update(value);
}
