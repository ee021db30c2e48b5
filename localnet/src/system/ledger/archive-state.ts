import { IDL } from '@dfinity/candid';
import { Principal } from '@dfinity/principal';
import { trap } from '../native-trap.ts';
import type { ArchiveOptions } from './archiving.ts';
import type { BlockRange } from './core/block-log.ts';

export interface ArchiveConfig {
  /** The ledger whose blocks these are; nobody else may append. */
  readonly ledger: Principal;
  readonly firstBlock: number;
  readonly options: ArchiveOptions;
}

const Snapshot = IDL.Record({
  ledger: IDL.Principal,
  firstBlock: IDL.Nat64,
  archiveBytesMax: IDL.Nat64,
  blocksPerResponseMax: IDL.Nat64,
  blocks: IDL.Vec(IDL.Vec(IDL.Nat8)),
});

interface SnapshotValue {
  readonly ledger: Principal;
  readonly firstBlock: bigint;
  readonly archiveBytesMax: bigint;
  readonly blocksPerResponseMax: bigint;
  readonly blocks: readonly Uint8Array[];
}

/** Encoded blocks of one archive canister, whatever the ledger. */
export class ArchiveState {
  #ledger = Principal.anonymous();
  #firstBlock = 0;
  #bytesMax = 0;
  #blocksPerResponseMax = 0;
  #blocks: Uint8Array[] = [];
  #bytes = 0;

  constructor(config?: ArchiveConfig) {
    if (config === undefined) return;
    this.#ledger = config.ledger;
    this.#firstBlock = config.firstBlock;
    this.#bytesMax = config.options.archiveBytesMax;
    this.#blocksPerResponseMax = config.options.blocksPerResponseMax;
  }

  get length(): number {
    return this.#blocks.length;
  }

  get firstBlock(): number {
    return this.#firstBlock;
  }

  get remainingBytes(): number {
    return this.#bytesMax - this.#bytes;
  }

  append(caller: Principal, blocks: readonly Uint8Array[]): void {
    if (caller.compareTo(this.#ledger) !== 'eq') {
      trap(`only ${this.#ledger.toText()} can append blocks to this archive`);
    }
    const bytes = blocks.reduce((sum, block) => sum + block.length, 0);
    if (bytes > this.remainingBytes) trap('no space left');
    this.#blocks.push(...blocks);
    this.#bytes += bytes;
  }

  get(index: number): Uint8Array | undefined {
    return index < this.#firstBlock ? undefined : this.#blocks[index - this.#firstBlock];
  }

  /** Blocks of a range given in block indexes, cut to what one answer may hold. */
  slice(range: BlockRange): readonly Uint8Array[] {
    if (range.start < this.#firstBlock) {
      trap(
        `requested index ${range.start} is less than the minimal index ${this.#firstBlock} this ` +
          'archive serves',
      );
    }
    const start = range.start - this.#firstBlock;
    const length = Math.min(range.end - range.start, this.#blocksPerResponseMax);
    return this.#blocks.slice(start, start + length);
  }

  save(): Uint8Array {
    const value: SnapshotValue = {
      ledger: this.#ledger,
      firstBlock: BigInt(this.#firstBlock),
      archiveBytesMax: BigInt(this.#bytesMax),
      blocksPerResponseMax: BigInt(this.#blocksPerResponseMax),
      blocks: this.#blocks,
    };
    return IDL.encode([Snapshot], [value]);
  }

  load(bytes: Uint8Array): void {
    const value = IDL.decode([Snapshot], new Uint8Array(bytes))[0] as unknown as SnapshotValue;
    this.#ledger = value.ledger;
    this.#firstBlock = Number(value.firstBlock);
    this.#bytesMax = Number(value.archiveBytesMax);
    this.#blocksPerResponseMax = Number(value.blocksPerResponseMax);
    this.#blocks = [...value.blocks];
    this.#bytes = this.#blocks.reduce((sum, block) => sum + block.length, 0);
  }
}
