import type { Principal } from '@dfinity/principal';
import type { Opt } from '../../core/candid-opt.ts';

/** One HTTP header as a Candid tuple. */
export type HeaderField = [name: string, value: string];

/** One representation of an asset. `chunks` keep the boundaries they were uploaded with. */
export interface AssetEncoding {
  readonly modifiedNs: bigint;
  readonly chunks: readonly Uint8Array[];
  readonly totalLength: number;
  readonly sha256: Uint8Array;
}

/** An asset and its properties. Values are never changed in place, only replaced. */
export interface Asset {
  readonly contentType: string;
  /** By encoding name: `identity`, `gzip`, `br`… */
  readonly encodings: ReadonlyMap<string, AssetEncoding>;
  readonly maxAgeSeconds: bigint | undefined;
  /** At most one value per name, sorted by name. */
  readonly headers: readonly HeaderField[] | undefined;
  readonly isAliased: boolean | undefined;
  readonly allowsRawAccess: boolean | undefined;
}

export interface CreateAssetArgs {
  readonly key: string;
  readonly content_type: string;
  readonly max_age: Opt<bigint>;
  readonly headers: Opt<HeaderField[]>;
  readonly enable_aliasing: Opt<boolean>;
  readonly allow_raw_access: Opt<boolean>;
}

export interface SetAssetContentArgs {
  readonly key: string;
  readonly content_encoding: string;
  readonly chunk_ids: readonly bigint[];
  readonly last_chunk: Opt<Uint8Array>;
  readonly sha256: Opt<Uint8Array>;
}

export interface UnsetAssetContentArgs {
  readonly key: string;
  readonly content_encoding: string;
}

export interface DeleteAssetArgs {
  readonly key: string;
}

/** Outer `opt`: change it or leave it; inner `opt`: the new value or none. */
export interface SetAssetPropertiesArgs {
  readonly key: string;
  readonly max_age: Opt<Opt<bigint>>;
  readonly headers: Opt<Opt<HeaderField[]>>;
  readonly allow_raw_access: Opt<Opt<boolean>>;
  readonly is_aliased: Opt<Opt<boolean>>;
}

export type BatchOperation =
  | { readonly CreateAsset: CreateAssetArgs }
  | { readonly SetAssetContent: SetAssetContentArgs }
  | { readonly SetAssetProperties: SetAssetPropertiesArgs }
  | { readonly UnsetAssetContent: UnsetAssetContentArgs }
  | { readonly DeleteAsset: DeleteAssetArgs }
  | { readonly Clear: Record<string, never> };

export interface CommitBatchArgs {
  readonly batch_id: bigint;
  readonly operations: readonly BatchOperation[];
}

export interface CommitProposedBatchArgs {
  readonly batch_id: bigint;
  readonly evidence: Uint8Array;
}

export interface StoreArgs {
  readonly key: string;
  readonly content_type: string;
  readonly content_encoding: string;
  readonly content: Uint8Array;
  readonly sha256: Opt<Uint8Array>;
  readonly aliased: Opt<boolean>;
}

export interface GetChunkArgs {
  readonly key: string;
  readonly content_encoding: string;
  readonly index: bigint;
  readonly sha256: Opt<Uint8Array>;
}

/** Where a streamed response goes on. The gateway hands it back unread. */
export interface StreamingToken {
  readonly key: string;
  readonly content_encoding: string;
  readonly index: bigint;
  readonly sha256: Opt<Uint8Array>;
}

export interface AssetHttpRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: readonly HeaderField[];
  readonly body: Uint8Array;
  readonly certificate_version: Opt<number>;
}

export interface AssetHttpResponse {
  readonly status_code: number;
  readonly headers: HeaderField[];
  readonly body: Uint8Array;
  readonly upgrade: Opt<boolean>;
  readonly streaming_strategy: Opt<{
    readonly Callback: { readonly callback: [Principal, string]; readonly token: StreamingToken };
  }>;
}

export interface ConfigureArgs {
  readonly max_batches: Opt<Opt<bigint>>;
  readonly max_chunks: Opt<Opt<bigint>>;
  readonly max_bytes: Opt<Opt<bigint>>;
}

export type Permission = 'Commit' | 'ManagePermissions' | 'Prepare';

export type PermissionVariant =
  { readonly Commit: null } | { readonly ManagePermissions: null } | { readonly Prepare: null };

/** Refused with this text, as the real canister traps with it. */
export class AssetError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'AssetError';
  }
}
