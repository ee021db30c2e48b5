import { DIRTY_BITS, STORE_BYTES_MAX } from '../wasm/dirty-pages.ts';
import { HiddenExport } from '../wasm/rewrite.ts';
import type { CompiledModule } from '../wasm/compile.ts';

const PAGE_BYTES = 65_536;
const ALL_PAGES = -1n;
const HALF_BITS = 32;

/** A heap's content apart from any instance: for canister snapshots and persistence. */
export interface HeapImage {
  readonly memory: Uint8Array;
  readonly globals: readonly (bigint | number)[];
}

/**
 * An instance together with a committed copy of its memory and mutable globals. After an execution
 * only the 64 KiB pages that it wrote are copied, one way on commit and the other on rollback: the
 * module marks what its own code writes, the host what the System API does.
 */
export class WasmHeap {
  readonly #compiled: CompiledModule;
  readonly #imports: WebAssembly.Imports;
  #instance: WebAssembly.Instance;
  #shadow: Uint8Array;
  #shadowGlobals: (bigint | number)[];
  #view: Uint8Array;
  #fuel: WebAssembly.Global;
  /** Pages that the host wrote, the lower and the upper 32: cheaper than the module's own mark. */
  #hostDirty: [number, number] = [0, 0];

  constructor(compiled: CompiledModule, imports: WebAssembly.Imports) {
    this.#compiled = compiled;
    this.#imports = imports;
    this.#instance = new WebAssembly.Instance(compiled.module, imports);
    this.#fuel = this.#exportedFuel();
    this.#view = this.#freshView();
    this.#shadow = this.#view.slice();
    this.#shadowGlobals = this.#readGlobals();
  }

  get exports(): WebAssembly.Exports {
    return this.#instance.exports;
  }

  get fuel(): WebAssembly.Global {
    return this.#fuel;
  }

  get memoryBytes(): number {
    return this.#memory()?.buffer.byteLength ?? 0;
  }

  /** Size after the last commit. */
  get committedBytes(): number {
    return this.#shadow.length;
  }

  /** The function at an index of table 0, for callbacks. */
  tableFunction(index: number): unknown {
    const table = this.exports[HiddenExport.Table];
    if (!(table instanceof WebAssembly.Table) || index >= table.length) return undefined;
    return table.get(index);
  }

  /** Current memory; refreshed when the module has grown it. */
  view(): Uint8Array {
    if (this.#view.length === 0 || this.#view.buffer.byteLength === 0) {
      this.#view = this.#freshView();
    }
    return this.#view;
  }

  /** Must be told of every write the host makes into the module's memory. */
  markDirty(offset: number, length: number): void {
    if (length === 0) return;
    const lastPage = Math.floor((offset + length - 1) / PAGE_BYTES);
    for (let page = Math.floor(offset / PAGE_BYTES); page <= lastPage; page += 1) {
      const bit = page % DIRTY_BITS;
      if (bit < HALF_BITS) this.#hostDirty[0] |= 1 << bit;
      else this.#hostDirty[1] |= 1 << (bit - HALF_BITS);
    }
  }

  commit(): void {
    const current = this.#freshView();
    this.#view = current;
    this.#shadowGlobals = this.#readGlobals();
    if (current.length !== this.#shadow.length) {
      const grown = new Uint8Array(current.length);
      grown.set(this.#shadow);
      this.#shadow = grown;
    }
    this.#copyDirtyPages(current, this.#shadow);
  }

  rollback(): void {
    // V8 cannot shrink a memory: a grown one is replaced by a fresh instance.
    if (this.memoryBytes !== this.#shadow.length) this.#renew();
    this.#view = this.#freshView();
    this.#copyDirtyPages(this.#shadow, this.#view);
    this.#writeGlobals(this.#shadowGlobals);
  }

  image(): HeapImage {
    return { memory: this.#shadow.slice(), globals: [...this.#shadowGlobals] };
  }

  load(image: HeapImage): void {
    this.#shadow = image.memory.slice();
    this.#shadowGlobals = [...image.globals];
    this.#dirty.value = ALL_PAGES;
    this.rollback();
  }

  #renew(): void {
    this.#instance = new WebAssembly.Instance(this.#compiled.module, this.#imports);
    this.#fuel = this.#exportedFuel();
    const missing = this.#shadow.length - this.memoryBytes;
    if (missing > 0) this.#memory()?.grow(missing / PAGE_BYTES);
    this.#dirty.value = ALL_PAGES;
  }

  #exportedFuel(): WebAssembly.Global {
    return this.exports[HiddenExport.Fuel] as WebAssembly.Global;
  }

  /** All pages written since the last time, by the module and by the host. */
  #takeMarks(): bigint {
    const [lower, upper] = this.#hostDirty;
    const byHost = (BigInt(upper >>> 0) << BigInt(HALF_BITS)) | BigInt(lower >>> 0);
    const marked = BigInt.asUintN(DIRTY_BITS, this.#dirty.value as bigint) | byHost;
    this.#dirty.value = 0n;
    this.#hostDirty = [0, 0];
    return marked;
  }

  get #dirty(): WebAssembly.Global {
    return this.exports[HiddenExport.Dirty] as WebAssembly.Global;
  }

  #copyDirtyPages(source: Uint8Array, target: Uint8Array): void {
    const marked = this.#takeMarks();
    if (marked === 0n) return;
    let wasMarked = false;
    for (let page = 0; page * PAGE_BYTES < source.length; page += 1) {
      const isMarked = ((marked >> BigInt(page % DIRTY_BITS)) & 1n) === 1n;
      const at = page * PAGE_BYTES;
      // A store near the end of the page before may have run over into this one.
      const count = isMarked ? PAGE_BYTES : wasMarked ? STORE_BYTES_MAX : 0;
      if (count > 0) target.set(source.subarray(at, at + count), at);
      wasMarked = isMarked;
    }
  }

  #memory(): WebAssembly.Memory | undefined {
    return this.exports[HiddenExport.Memory] as WebAssembly.Memory | undefined;
  }

  #freshView(): Uint8Array {
    const memory = this.#memory();
    return memory ? new Uint8Array(memory.buffer) : new Uint8Array(0);
  }

  #readGlobals(): (bigint | number)[] {
    return this.#globals().map((global) => global.value as bigint | number);
  }

  #writeGlobals(values: readonly (bigint | number)[]): void {
    this.#globals().forEach((global, at) => {
      global.value = values[at];
    });
  }

  #globals(): WebAssembly.Global[] {
    return Array.from(
      { length: this.#compiled.mutableGlobalCount },
      (_, at) => this.exports[HiddenExport.global(at)] as WebAssembly.Global,
    );
  }
}
