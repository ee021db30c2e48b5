/** Layout of the memory manager. Source: dfinity/stable-structures 0.6.9, `src/memory_manager.rs`. */
const BUCKET_COUNT_AT = 4;
const BUCKET_PAGES_AT = 6;
const SIZES_AT = 40;
const OWNERS_AT = 2_080;
const BUCKETS_AT = 65_536;
const WASM_PAGE_BYTES = 65_536;
const MAGIC = Buffer.from('MGR\u0001');

/** Stable memory that is divided into numbered memories. */
export class StableImage {
  readonly #head: Buffer;
  readonly #source: Uint8Array;
  readonly #bucketBytes: number;
  /** The contents of the memories that were replaced. */
  readonly #replaced = new Map<number, Uint8Array>();

  constructor(source: Uint8Array) {
    this.#source = source;
    this.#head = Buffer.from(source.slice(0, BUCKETS_AT));
    if (!this.#head.subarray(0, MAGIC.length).equals(MAGIC)) throw new Error('no memory manager');
    this.#bucketBytes = this.#head.readUInt16LE(BUCKET_PAGES_AT) * WASM_PAGE_BYTES;
  }

  /** The first bucket of a memory. */
  firstBucket(memoryId: number): Uint8Array {
    const at = this.#bucketAt(this.#head.indexOf(memoryId, OWNERS_AT) - OWNERS_AT);
    return this.#source.subarray(at, at + this.#bucketBytes);
  }

  replace(memoryId: number, content: Uint8Array): void {
    this.#replaced.set(memoryId, content);
  }

  /** The whole memory with what was replaced. */
  bytes(): Uint8Array {
    const head = Buffer.from(this.#head);
    const parts: { readonly bucket: number; readonly bytes: Uint8Array }[] = [];
    let buckets = head.readUInt16LE(BUCKET_COUNT_AT);
    for (const [memoryId, content] of this.#replaced) {
      let bucket = head.indexOf(memoryId, OWNERS_AT) - OWNERS_AT;
      for (let from = 0; from < content.length; from += this.#bucketBytes) {
        parts.push({ bucket, bytes: content.subarray(from, from + this.#bucketBytes) });
        if (from + this.#bucketBytes >= content.length) break;
        bucket = buckets;
        head[OWNERS_AT + bucket] = memoryId;
        buckets += 1;
      }
      const pages = Math.ceil(content.length / WASM_PAGE_BYTES);
      head.writeBigUInt64LE(BigInt(pages), SIZES_AT + 8 * memoryId);
    }
    head.writeUInt16LE(buckets, BUCKET_COUNT_AT);
    const image = new Uint8Array(this.#bucketAt(buckets));
    image.set(this.#source.subarray(0, image.length));
    image.set(head);
    for (const { bucket, bytes } of parts) image.set(bytes, this.#bucketAt(bucket));
    return image;
  }

  #bucketAt(bucket: number): number {
    return BUCKETS_AT + bucket * this.#bucketBytes;
  }
}
