const WASM_PAGE_BYTES = 65_536;
/** Copy-on-write granularity and the unit the IC charges for: one OS page. */
const PAGE_BYTES = 4_096;
/** Up to here a loop is faster than a view and a copy. */
const FEW_BYTES = 32;

/**
 * Stable memory as sparse 4 KiB pages. Writes go to an overlay until `commit`; `rollback` drops the
 * overlay, so the cost of either is what was written, never the size of the memory.
 */
export class StableMemory {
  #pages: Map<number, Uint8Array>;
  #sizePages: number;
  #overlay = new Map<number, Uint8Array>();
  #committedSizePages: number;

  constructor(pages: Map<number, Uint8Array> = new Map(), sizePages = 0) {
    this.#pages = pages;
    this.#sizePages = sizePages;
    this.#committedSizePages = sizePages;
  }

  /** Size in 64 KiB WebAssembly pages. */
  get sizePages(): number {
    return this.#sizePages;
  }

  get sizeBytes(): number {
    return this.#sizePages * WASM_PAGE_BYTES;
  }

  /** 4 KiB pages written since the last commit. */
  get dirtyPageCount(): number {
    return this.#overlay.size;
  }

  get isDirty(): boolean {
    return this.#overlay.size > 0 || this.#sizePages !== this.#committedSizePages;
  }

  grow(pages: number): void {
    this.#sizePages += pages;
  }

  /** Copies into `target`. The caller has checked bounds. */
  read(offset: number, target: Uint8Array): void {
    let done = 0;
    while (done < target.length) {
      const at = offset + done;
      const index = Math.floor(at / PAGE_BYTES);
      const within = at % PAGE_BYTES;
      const count = Math.min(PAGE_BYTES - within, target.length - done);
      const page = this.#overlay.get(index) ?? this.#pages.get(index);
      if (page === undefined) target.fill(0, done, done + count);
      else if (count > FEW_BYTES) target.set(page.subarray(within, within + count), done);
      else
        for (let byte = 0; byte < count; byte += 1) target[done + byte] = page[within + byte] ?? 0;
      done += count;
    }
  }

  /** Writes `source` at `offset`. The caller has checked bounds. */
  write(offset: number, source: Uint8Array): void {
    let done = 0;
    while (done < source.length) {
      const at = offset + done;
      const index = Math.floor(at / PAGE_BYTES);
      const within = at % PAGE_BYTES;
      const count = Math.min(PAGE_BYTES - within, source.length - done);
      this.#writable(index).set(source.subarray(done, done + count), within);
      done += count;
    }
  }

  #writable(index: number): Uint8Array {
    const dirty = this.#overlay.get(index);
    if (dirty !== undefined) return dirty;
    const page = this.#pages.get(index)?.slice() ?? new Uint8Array(PAGE_BYTES);
    this.#overlay.set(index, page);
    return page;
  }

  commit(): void {
    for (const [index, page] of this.#overlay) this.#pages.set(index, page);
    this.#overlay.clear();
    this.#committedSizePages = this.#sizePages;
  }

  rollback(): void {
    this.#overlay.clear();
    this.#sizePages = this.#committedSizePages;
  }

  /** An independent memory with the committed content. Pages are shared until written. */
  fork(): StableMemory {
    return new StableMemory(new Map(this.#pages), this.#committedSizePages);
  }

  /** Committed non-zero pages in order of index, for hashing and persistence. */
  *entries(): Generator<readonly [number, Uint8Array]> {
    for (const index of [...this.#pages.keys()].sort((one, other) => one - other)) {
      const page = this.#pages.get(index);
      if (page?.some((byte) => byte !== 0) === true) yield [index, page];
    }
  }

  toBytes(): Uint8Array {
    const bytes = new Uint8Array(this.sizeBytes);
    for (const [index, page] of this.entries()) bytes.set(page, index * PAGE_BYTES);
    return bytes;
  }

  static fromBytes(bytes: Uint8Array): StableMemory {
    const memory = new StableMemory();
    memory.grow(Math.ceil(bytes.length / WASM_PAGE_BYTES));
    memory.write(0, bytes);
    memory.commit();
    return memory;
  }
}
