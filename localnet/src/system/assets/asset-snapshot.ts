import { IDL } from '@dfinity/candid';
import type { Principal } from '@dfinity/principal';
import { some, type Opt } from '../../core/candid-opt.ts';
import { compareKeys } from './asset-paths.ts';
import type { AssetState } from './asset-state.ts';
import type { Asset, CommitBatchArgs, HeaderField } from './asset-types.ts';
import { CommitBatchArguments } from './assets-idl.ts';

const Blob = IDL.Vec(IDL.Nat8);

const StableAsset = IDL.Record({
  key: IDL.Text,
  content_type: IDL.Text,
  max_age: IDL.Opt(IDL.Nat64),
  headers: IDL.Opt(IDL.Vec(IDL.Tuple(IDL.Text, IDL.Text))),
  is_aliased: IDL.Opt(IDL.Bool),
  allow_raw_access: IDL.Opt(IDL.Bool),
  encodings: IDL.Vec(
    IDL.Record({
      name: IDL.Text,
      modified: IDL.Nat64,
      chunks: IDL.Vec(Blob),
      sha256: Blob,
    }),
  ),
});

const StableState = IDL.Record({
  assets: IDL.Vec(StableAsset),
  batches: IDL.Vec(
    IDL.Record({
      id: IDL.Nat,
      expires_at: IDL.Nat64,
      proposed: IDL.Opt(CommitBatchArguments),
      evidence: IDL.Opt(Blob),
      chunk_bytes: IDL.Nat64,
    }),
  ),
  chunks: IDL.Vec(IDL.Record({ id: IDL.Nat, batch_id: IDL.Nat, content: Blob })),
  next_batch_id: IDL.Nat,
  next_chunk_id: IDL.Nat,
  max_batches: IDL.Opt(IDL.Nat64),
  max_chunks: IDL.Opt(IDL.Nat64),
  max_bytes: IDL.Opt(IDL.Nat64),
  commit: IDL.Vec(IDL.Principal),
  prepare: IDL.Vec(IDL.Principal),
  manage_permissions: IDL.Vec(IDL.Principal),
  last_update: IDL.Nat64,
  state_hash: IDL.Opt(IDL.Text),
  is_certified: IDL.Bool,
});

interface SavedAsset {
  readonly key: string;
  readonly content_type: string;
  readonly max_age: Opt<bigint>;
  readonly headers: Opt<HeaderField[]>;
  readonly is_aliased: Opt<boolean>;
  readonly allow_raw_access: Opt<boolean>;
  readonly encodings: {
    readonly name: string;
    readonly modified: bigint;
    readonly chunks: Uint8Array[];
    readonly sha256: Uint8Array;
  }[];
}

interface SavedState {
  readonly assets: SavedAsset[];
  readonly batches: {
    readonly id: bigint;
    readonly expires_at: bigint;
    readonly proposed: Opt<CommitBatchArgs>;
    readonly evidence: Opt<Uint8Array>;
    readonly chunk_bytes: bigint;
  }[];
  readonly chunks: {
    readonly id: bigint;
    readonly batch_id: bigint;
    readonly content: Uint8Array;
  }[];
  readonly next_batch_id: bigint;
  readonly next_chunk_id: bigint;
  readonly max_batches: Opt<bigint>;
  readonly max_chunks: Opt<bigint>;
  readonly max_bytes: Opt<bigint>;
  readonly commit: Principal[];
  readonly prepare: Principal[];
  readonly manage_permissions: Principal[];
  readonly last_update: bigint;
  readonly state_hash: Opt<string>;
  readonly is_certified: boolean;
}

/** The whole state; equal states give equal bytes. */
export function saveAssetState(state: AssetState): Uint8Array {
  const { batches, permissions } = state;
  const saved: SavedState = {
    assets: [...state.assets]
      .sort(([left], [right]) => compareKeys(left, right))
      .map(([key, asset]) => savedAsset(key, asset)),
    batches: [...batches.batches].map(([id, batch]) => ({
      id,
      expires_at: batch.expiresAtNs,
      proposed: some(batch.proposed),
      evidence: some(batch.evidence),
      chunk_bytes: BigInt(batch.chunkBytes),
    })),
    chunks: [...batches.chunks].map(([id, chunk]) => ({
      id,
      batch_id: chunk.batchId,
      content: chunk.content,
    })),
    next_batch_id: batches.nextBatchId,
    next_chunk_id: batches.nextChunkId,
    max_batches: some(batches.limits.maxBatches),
    max_chunks: some(batches.limits.maxChunks),
    max_bytes: some(batches.limits.maxBytes),
    commit: permissions.list('Commit'),
    prepare: permissions.list('Prepare'),
    manage_permissions: permissions.list('ManagePermissions'),
    last_update: state.lastUpdateNs,
    state_hash: some(state.stateHash),
    is_certified: state.isCertified,
  };
  return new Uint8Array(IDL.encode([StableState], [saved]));
}

/** Puts what `saveAssetState` gave into a state, in place of all that it held. */
export function loadAssetState(state: AssetState, bytes: Uint8Array): void {
  const [saved] = IDL.decode([StableState], new Uint8Array(bytes)) as unknown as [SavedState];
  const { batches, permissions } = state;
  batches.clear();
  for (const { id, ...batch } of saved.batches) {
    batches.batches.set(id, {
      expiresAtNs: batch.expires_at,
      proposed: batch.proposed[0],
      evidence: batch.evidence[0],
      chunkBytes: Number(batch.chunk_bytes),
    });
  }
  for (const chunk of saved.chunks) {
    batches.chunks.set(chunk.id, { batchId: chunk.batch_id, content: chunk.content });
  }
  batches.nextBatchId = saved.next_batch_id;
  batches.nextChunkId = saved.next_chunk_id;
  batches.limits = {
    maxBatches: saved.max_batches[0],
    maxChunks: saved.max_chunks[0],
    maxBytes: saved.max_bytes[0],
  };
  permissions.set('Commit', saved.commit);
  permissions.set('Prepare', saved.prepare);
  permissions.set('ManagePermissions', saved.manage_permissions);
  state.restoreAssets(new Map(saved.assets.map((asset) => [asset.key, loadedAsset(asset)])));
  state.lastUpdateNs = saved.last_update;
  state.stateHash = saved.state_hash[0];
  state.isCertified = saved.is_certified;
}

function savedAsset(key: string, asset: Asset): SavedAsset {
  return {
    key,
    content_type: asset.contentType,
    max_age: some(asset.maxAgeSeconds),
    headers: some(asset.headers === undefined ? undefined : [...asset.headers]),
    is_aliased: some(asset.isAliased),
    allow_raw_access: some(asset.allowsRawAccess),
    encodings: [...asset.encodings]
      .sort(([left], [right]) => compareKeys(left, right))
      .map(([name, encoding]) => ({
        name,
        modified: encoding.modifiedNs,
        chunks: [...encoding.chunks],
        sha256: encoding.sha256,
      })),
  };
}

function loadedAsset(saved: SavedAsset): Asset {
  return {
    contentType: saved.content_type,
    maxAgeSeconds: saved.max_age[0],
    headers: saved.headers[0],
    isAliased: saved.is_aliased[0],
    allowsRawAccess: saved.allow_raw_access[0],
    encodings: new Map(
      saved.encodings.map(({ name, modified, chunks, sha256 }) => [
        name,
        {
          modifiedNs: modified,
          chunks,
          sha256,
          totalLength: chunks.reduce((sum, chunk) => sum + chunk.length, 0),
        },
      ]),
    ),
  };
}
