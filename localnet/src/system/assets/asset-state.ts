import type { NativeContext } from '../../core/native.ts';
import { AssetCertification } from './asset-certification.ts';
import { AssetDraft } from './asset-draft.ts';
import { aliasedBy, aliasesOf, pathSegments } from './asset-paths.ts';
import { AssetError, type Asset, type CommitBatchArgs } from './asset-types.ts';
import { BatchStore } from './batch-store.ts';
import { Permissions } from './permissions.ts';

/** Everything an asset canister remembers. Assets change only through `edit` and `commit`. */
export class AssetState {
  readonly batches = new BatchStore();
  readonly permissions = new Permissions();
  readonly certification = new AssetCertification();
  #assets: ReadonlyMap<string, Asset> = new Map();
  lastUpdateNs = 0n;
  /** Hash of the assets, if it was asked for since they last changed. */
  stateHash: string | undefined;
  /** False until the root hash has been given to the system for the first time. */
  isCertified = false;

  get assets(): ReadonlyMap<string, Asset> {
    return this.#assets;
  }

  /** The asset under a key, or the one that may stand in for it. */
  find(key: string): Asset | undefined {
    const own = this.#assets.get(key);
    if (own !== undefined) return own;
    const alias = aliasesOf(key).find((candidate) => this.#assets.has(candidate));
    const asset = alias === undefined ? undefined : this.#assets.get(alias);
    return asset?.isAliased === false ? undefined : asset;
  }

  existing(key: string): Asset {
    const asset = this.find(key);
    if (asset === undefined) throw new AssetError('asset not found');
    return asset;
  }

  /** The asset that answers a path, if it has any content. */
  servedAt(path: string): Asset | undefined {
    const asset = this.find(path);
    return asset === undefined || asset.encodings.size === 0 ? undefined : asset;
  }

  /** Runs `change` on a copy and adopts it whole; if it throws, nothing has happened. */
  edit(context: NativeContext, change: (draft: AssetDraft) => void): AssetDraft {
    const draft = new AssetDraft({
      assets: this.#assets,
      chunks: this.batches.chunks,
      nowNs: context.timeNs,
    });
    change(draft);
    this.#adopt(draft);
    this.lastUpdateNs = context.timeNs;
    this.certify(context);
    return draft;
  }

  /** All operations of a batch, or none. The batch ends with it. */
  commit(context: NativeContext, args: CommitBatchArgs): void {
    const lastChunks = args.operations.flatMap((operation) =>
      'SetAssetContent' in operation ? operation.SetAssetContent.last_chunk : [],
    );
    this.batches.checkLimits({
      addedChunks: lastChunks.length,
      addedBytes: lastChunks.reduce((sum, chunk) => sum + chunk.length, 0),
    });
    this.edit(context, (draft) => {
      for (const operation of args.operations) draft.apply(operation);
    });
    this.batches.finish(args.batch_id);
  }

  certify(context: NativeContext): void {
    context.setCertifiedData(this.certification.rootHash);
    this.isCertified = true;
  }

  /** Replaces all assets, as when a saved state is loaded. */
  restoreAssets(assets: ReadonlyMap<string, Asset>): void {
    const changed = [...this.#assets.keys(), ...assets.keys()];
    this.#assets = assets;
    this.#refreshCertification(changed);
  }

  #adopt(draft: AssetDraft): void {
    this.#assets = draft.assets;
    this.stateHash = undefined;
    if (draft.isCleared) this.batches.clear();
    this.batches.dropChunks(draft.takenChunks);
    this.#refreshCertification(draft.changedKeys);
  }

  #refreshCertification(changedKeys: Iterable<string>): void {
    const paths = new Set<string>();
    for (const key of changedKeys) {
      for (const path of [key, ...aliasedBy(key)]) if (isServable(path)) paths.add(path);
    }
    this.certification.refresh(paths, (path) => this.servedAt(path));
  }
}

/** The path as a gateway's verification reads it; `//a` and `/a` are the same place. */
export function servedPath(path: string): string {
  return `/${pathSegments(path).join('/')}`;
}

/** Keys that no request path comes out as are kept and listed, but never served. */
function isServable(key: string): boolean {
  return servedPath(key) === key;
}
