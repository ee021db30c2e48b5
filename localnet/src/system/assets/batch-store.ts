import { AssetError, type CommitBatchArgs, type ConfigureArgs } from './asset-types.ts';

/** A batch lives this long after it was last added to. Source: dfinity/sdk ic-certified-assets. */
export const BATCH_EXPIRY_NS = 300_000_000_000n;

export interface Chunk {
  readonly batchId: bigint;
  readonly content: Uint8Array;
}

export interface Batch {
  readonly expiresAtNs: bigint;
  readonly proposed: CommitBatchArgs | undefined;
  readonly evidence: Uint8Array | undefined;
  readonly chunkBytes: number;
}

/** Limits on what may wait to be committed; undefined is unlimited. */
export interface BatchLimits {
  readonly maxBatches: bigint | undefined;
  readonly maxChunks: bigint | undefined;
  readonly maxBytes: bigint | undefined;
}

/** Uploads that are not part of an asset yet. */
export class BatchStore {
  readonly batches = new Map<bigint, Batch>();
  readonly chunks = new Map<bigint, Chunk>();
  limits: BatchLimits = { maxBatches: undefined, maxChunks: undefined, maxBytes: undefined };
  nextBatchId = 1n;
  nextChunkId = 1n;

  create(nowNs: bigint): bigint {
    this.#dropExpired(nowNs);
    const [open] = [...this.batches].filter(([, batch]) => batch.proposed !== undefined);
    if (open !== undefined) throw new AssetError(proposedMessage(...open));
    const { maxBatches } = this.limits;
    if (maxBatches !== undefined && BigInt(this.batches.size) >= maxBatches) {
      throw new AssetError('batch limit exceeded');
    }
    const id = this.nextBatchId++;
    this.batches.set(id, {
      expiresAtNs: nowNs + BATCH_EXPIRY_NS,
      proposed: undefined,
      evidence: undefined,
      chunkBytes: 0,
    });
    return id;
  }

  addChunks(add: {
    readonly batchId: bigint;
    readonly contents: readonly Uint8Array[];
    readonly nowNs: bigint;
  }): bigint[] {
    const bytes = add.contents.reduce((sum, content) => sum + content.length, 0);
    this.checkLimits({ addedChunks: add.contents.length, addedBytes: bytes });
    const batch = this.existing(add.batchId);
    if (batch.proposed !== undefined) {
      throw new AssetError(`batch ${add.batchId.toString()} has been proposed`);
    }
    this.batches.set(add.batchId, {
      ...batch,
      expiresAtNs: add.nowNs + BATCH_EXPIRY_NS,
      chunkBytes: batch.chunkBytes + bytes,
    });
    return add.contents.map((content) => {
      const id = this.nextChunkId++;
      this.chunks.set(id, { batchId: add.batchId, content });
      return id;
    });
  }

  checkLimits(added: { readonly addedChunks: number; readonly addedBytes: number }): void {
    const { maxChunks, maxBytes } = this.limits;
    const chunks = BigInt(this.chunks.size + added.addedChunks);
    if (maxChunks !== undefined && chunks > maxChunks) throw new AssetError('chunk limit exceeded');
    let waiting = 0;
    for (const batch of this.batches.values()) waiting += batch.chunkBytes;
    if (maxBytes !== undefined && BigInt(waiting + added.addedBytes) > maxBytes) {
      throw new AssetError('byte limit exceeded');
    }
  }

  existing(id: bigint): Batch {
    const batch = this.batches.get(id);
    if (batch === undefined) throw new AssetError('batch not found');
    return batch;
  }

  propose(args: CommitBatchArgs): void {
    const batch = this.existing(args.batch_id);
    if (batch.proposed !== undefined) {
      const id = args.batch_id.toString();
      throw new AssetError(`batch ${id} already has proposed CommitBatchArguments`);
    }
    this.batches.set(args.batch_id, { ...batch, proposed: args });
  }

  setEvidence(id: bigint, evidence: Uint8Array): void {
    this.batches.set(id, { ...this.existing(id), evidence });
  }

  delete(id: bigint): void {
    this.existing(id);
    this.batches.delete(id);
    for (const [chunkId, chunk] of this.chunks) {
      if (chunk.batchId === id) this.chunks.delete(chunkId);
    }
  }

  /** Ends a batch whose operations are done; chunks it did not use go with the next expiry. */
  finish(id: bigint): void {
    this.batches.delete(id);
  }

  dropChunks(ids: Iterable<bigint>): void {
    for (const id of ids) this.chunks.delete(id);
  }

  clear(): void {
    this.batches.clear();
    this.chunks.clear();
    this.nextBatchId = 1n;
    this.nextChunkId = 1n;
  }

  configure(args: ConfigureArgs): void {
    const [maxBatches] = args.max_batches;
    const [maxChunks] = args.max_chunks;
    const [maxBytes] = args.max_bytes;
    this.limits = {
      maxBatches: maxBatches === undefined ? this.limits.maxBatches : maxBatches[0],
      maxChunks: maxChunks === undefined ? this.limits.maxChunks : maxChunks[0],
      maxBytes: maxBytes === undefined ? this.limits.maxBytes : maxBytes[0],
    };
  }

  /** A batch whose evidence is computed waits for its proposal to be decided, however long. */
  #dropExpired(nowNs: bigint): void {
    for (const [id, batch] of this.batches) {
      if (batch.expiresAtNs <= nowNs && batch.evidence === undefined) this.batches.delete(id);
    }
    for (const [id, chunk] of this.chunks) {
      if (!this.batches.has(chunk.batchId)) this.chunks.delete(id);
    }
  }
}

function proposedMessage(id: bigint, batch: Batch): string {
  return batch.evidence === undefined
    ? `Batch ${id.toString()} has not completed evidence computation.  ` +
        'Wait for it to expire or delete it to propose another.'
    : `Batch ${id.toString()} is already proposed.  ` + 'Delete or execute it to propose another.';
}
