import type { TypedHandler } from '../../core/define-native.ts';
import type { NativeContext } from '../../core/native.ts';
import { some } from '../../core/candid-opt.ts';
import type { AssetState } from './asset-state.ts';
import {
  AssetError,
  type CommitBatchArgs,
  type CommitProposedBatchArgs,
  type ConfigureArgs,
  type CreateAssetArgs,
  type DeleteAssetArgs,
  type SetAssetContentArgs,
  type SetAssetPropertiesArgs,
  type StoreArgs,
  type UnsetAssetContentArgs,
} from './asset-types.ts';
import { batchEvidence, stateHash } from './evidence.ts';

/** Uploading: batches and their chunks. Callers need the Prepare permission. */
export function preparing(state: AssetState): Record<string, TypedHandler> {
  const { batches } = state;
  return {
    create_batch: (context: NativeContext) => ({ batch_id: batches.create(context.timeNs) }),
    create_chunk: (context: NativeContext, args: { batch_id: bigint; content: Uint8Array }) => {
      const [chunkId] = batches.addChunks({
        batchId: args.batch_id,
        contents: [args.content],
        nowNs: context.timeNs,
      });
      return { chunk_id: chunkId };
    },
    create_chunks: (context: NativeContext, args: { batch_id: bigint; content: Uint8Array[] }) => ({
      chunk_ids: batches.addChunks({
        batchId: args.batch_id,
        contents: args.content,
        nowNs: context.timeNs,
      }),
    }),
    propose_commit_batch: (_: NativeContext, args: CommitBatchArgs) => {
      batches.propose(args);
    },
    compute_evidence: (_: NativeContext, args: { batch_id: bigint }) =>
      some(computeEvidence(state, args.batch_id)),
    delete_batch: (_: NativeContext, args: { batch_id: bigint }) => {
      batches.delete(args.batch_id);
    },
    get_configuration: () => ({
      max_batches: some(batches.limits.maxBatches),
      max_chunks: some(batches.limits.maxChunks),
      max_bytes: some(batches.limits.maxBytes),
    }),
  };
}

/** Changing what is served. Callers need the Commit permission. */
export function committing(state: AssetState): Record<string, TypedHandler> {
  return {
    store: (context: NativeContext, args: StoreArgs) => {
      state.edit(context, (draft) => {
        draft.store(args);
      });
    },
    create_asset: (context: NativeContext, args: CreateAssetArgs) => {
      state.edit(context, (draft) => {
        draft.createAsset(args);
      });
    },
    set_asset_content: (context: NativeContext, args: SetAssetContentArgs) => {
      state.edit(context, (draft) => {
        draft.setAssetContent(args);
      });
    },
    unset_asset_content: (context: NativeContext, args: UnsetAssetContentArgs) => {
      state.edit(context, (draft) => {
        draft.unsetAssetContent(args);
      });
    },
    set_asset_properties: (context: NativeContext, args: SetAssetPropertiesArgs) => {
      state.edit(context, (draft) => {
        draft.setAssetProperties(args);
      });
    },
    delete_asset: (context: NativeContext, args: DeleteAssetArgs) => {
      state.edit(context, (draft) => {
        draft.deleteAsset(args.key);
      });
    },
    clear: (context: NativeContext) => {
      state.edit(context, (draft) => {
        draft.clear();
      });
    },
    commit_batch: (context: NativeContext, args: CommitBatchArgs) => {
      state.commit(context, args);
    },
    commit_proposed_batch: (context: NativeContext, args: CommitProposedBatchArgs) => {
      state.commit(context, approvedBatch(state, args));
    },
    configure: (_: NativeContext, args: ConfigureArgs) => {
      state.batches.configure(args);
    },
  };
}

/** Open to everyone: what a proposal would do, in words, and the hash of all assets. */
export function validating(state: AssetState): Record<string, TypedHandler> {
  return {
    compute_state_hash: () => {
      state.stateHash ??= stateHash(state.assets);
      return [state.stateHash];
    },
    validate_commit_proposed_batch: (_: NativeContext, args: CommitProposedBatchArgs) => {
      try {
        approvedBatch(state, args);
      } catch (error) {
        if (error instanceof AssetError) return { Err: error.message };
        throw error;
      }
      const id = args.batch_id.toString();
      return { Ok: `commit proposed batch ${id} with evidence ${hex(args.evidence)}` };
    },
    validate_configure: (_: NativeContext, args: ConfigureArgs) => ({
      Ok: `configure: ${JSON.stringify(args, (_key, value: unknown) =>
        typeof value === 'bigint' ? value.toString() : value,
      )}`,
    }),
  };
}

/** Undefined where there is nothing to hash, as the real canister answers. */
function computeEvidence(state: AssetState, id: bigint): Uint8Array | undefined {
  const batch = state.batches.batches.get(id);
  if (batch?.proposed === undefined) return undefined;
  const { chunks } = state.batches;
  const evidence = batchEvidence(batch.proposed.operations, (chunk) => chunks.get(chunk)?.content);
  state.batches.setEvidence(id, evidence);
  return evidence;
}

function approvedBatch(state: AssetState, args: CommitProposedBatchArgs): CommitBatchArgs {
  const { proposed, evidence } = state.batches.existing(args.batch_id);
  if (proposed === undefined) throw new AssetError('batch does not have CommitBatchArguments');
  if (evidence === undefined) throw new AssetError('batch does not have computed evidence');
  if (Buffer.compare(evidence, args.evidence) !== 0) {
    throw new AssetError(
      `batch computed evidence ${hex(evidence)} does not match presented evidence ` +
        hex(args.evidence),
    );
  }
  return proposed;
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
