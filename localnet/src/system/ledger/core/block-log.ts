import type { SealedBlock } from './transaction.ts';

/** Half-open range of block indexes. */
export interface BlockRange {
  readonly start: number;
  readonly end: number;
}

/** Blocks that moved to an archive canister; `canisterId` is its text form. */
export interface ArchivedRange extends BlockRange {
  readonly canisterId: string;
}

export interface BlockLocations {
  /** Empty at the first local block when nothing asked for is local. */
  readonly local: BlockRange;
  readonly archived: readonly ArchivedRange[];
}

export interface BlockLogState {
  readonly localBlocks: readonly Uint8Array[];
  readonly archives: readonly ArchivedRange[];
  readonly tipHash: Uint8Array | undefined;
}

/**
 * The hash-chained log of encoded blocks, its oldest part in archives.
 *
 * Invariant: the archives' ranges, in order, followed by the local blocks, are all indexes from 0
 * without gap; `tipHash` is the hash of the last block.
 */
export class BlockLog {
  #localBlocks: Uint8Array[] = [];
  #archives: ArchivedRange[] = [];
  #tipHash: Uint8Array | undefined;

  get length(): number {
    return this.#firstLocal + this.#localBlocks.length;
  }

  get tipHash(): Uint8Array | undefined {
    return this.#tipHash;
  }

  get archives(): readonly ArchivedRange[] {
    return this.#archives;
  }

  /** Blocks not yet archived. */
  get localLength(): number {
    return this.#localBlocks.length;
  }

  append(block: SealedBlock): number {
    this.#localBlocks.push(block.bytes);
    this.#tipHash = block.hash;
    return this.length - 1;
  }

  /** Encoded local blocks of a range that lies within the local part. */
  slice(range: BlockRange): readonly Uint8Array[] {
    return this.#localBlocks.slice(range.start - this.#firstLocal, range.end - this.#firstLocal);
  }

  locate(requested: BlockRange): BlockLocations {
    const whole = { start: this.#firstLocal, end: this.length };
    const archived = this.#archives
      .map((archive) => ({ ...archive, ...intersect(archive, requested) }))
      .filter((part) => part.start < part.end);
    const local = intersect(whole, requested);
    return {
      local: local.start < local.end ? local : { start: whole.start, end: whole.start },
      archived,
    };
  }

  /** The oldest local blocks, for an archive. */
  oldest(count: number): readonly Uint8Array[] {
    return this.#localBlocks.slice(0, count);
  }

  /** Forgets the oldest `count` local blocks, now that the archive has them. */
  moveToArchive(count: number, canisterId: string): void {
    const start = this.#firstLocal;
    const end = start + count;
    this.#localBlocks = this.#localBlocks.slice(count);
    const last = this.#archives.at(-1);
    if (last?.canisterId === canisterId) {
      this.#archives[this.#archives.length - 1] = { ...last, end };
    } else this.#archives.push({ canisterId, start, end });
  }

  save(): BlockLogState {
    return {
      localBlocks: this.#localBlocks,
      archives: this.#archives,
      tipHash: this.#tipHash,
    };
  }

  load(state: BlockLogState): void {
    this.#localBlocks = [...state.localBlocks];
    this.#archives = [...state.archives];
    this.#tipHash = state.tipHash;
  }

  get #firstLocal(): number {
    return this.#archives.at(-1)?.end ?? 0;
  }
}

function intersect(a: BlockRange, b: BlockRange): BlockRange {
  return { start: Math.max(a.start, b.start), end: Math.min(a.end, b.end) };
}
