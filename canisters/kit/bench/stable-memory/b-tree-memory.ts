import type { RowStore } from './row-store.ts';

/** Layout of `StableBTreeMap`. Source: dfinity/stable-structures 0.6.9, `src/btreemap`. */
const ROOT_AT = 12;
const LENGTH_AT = 20;
const CHUNK_COUNT_AT = 68;
const FREE_CHUNK_AT = 76;
const FIRST_CHUNK_AT = 100;
const CHUNK_HEADER_BYTES = 16;
const ALLOCATED_AT = 4;
const PAGE_BYTES = 1_024;
const NODE_HEADER_BYTES = 15;
const OVERFLOW_AT = 7;
const OVERFLOW_HEADER_BYTES = 11;
const OVERFLOW_NEXT_AT = 3;
const LEAF = 0;
const INTERNAL = 1;
const ROWS_MAX = 11;
const ROWS_LEAST = 5;
const MORE_IN_LAST = 3;

const CHUNK = Buffer.from('CHK\u0001');
const NODE = Buffer.from('BTN\u0002');
const OVERFLOW = Buffer.from('NOF');
/** What a map without rows begins with: version 2, no root, no rows, the first chunk free. */
const EMPTY = Buffer.concat(
  [
    ['BTR\u0002', ...['00040000', 'ffffffff', '00'.repeat(40)]],
    ['BTA\u0001', ...['00000000', '0004000000000000', '00'.repeat(8), '6400000000000000']],
  ].flatMap(([magic = '', ...hex]) => [Buffer.from(magic), Buffer.from(hex.join(''), 'hex')]),
);

/**
 * The memory of a map with the given rows, from that of the same map without any. It is what inserting
 * them one after another gives, but for which row is in which node; that would take hours.
 */
export function bTreeMemory(empty: Uint8Array, rows: RowStore): Uint8Array {
  checkEmpty(empty);
  const tree = new TreeWriter(empty, rows);
  const sorted = rows.sorted();
  if (sorted.length > 0) tree.write(sorted);
  return tree.finish();
}

function checkEmpty(memory: Uint8Array): void {
  const start = Buffer.from(memory.subarray(0, EMPTY.length));
  if (!start.equals(EMPTY))
    throw new Error(`no empty map of the known layout: ${start.toString('hex')}`);
}

class TreeWriter {
  readonly #rows: RowStore;
  #memory: Buffer;
  #end = FIRST_CHUNK_AT;
  #chunks = 0n;

  constructor(empty: Uint8Array, rows: RowStore) {
    this.#rows = rows;
    this.#memory = Buffer.alloc(1 << 20);
    this.#memory.set(empty.subarray(0, FIRST_CHUNK_AT));
  }

  /** From the leaves up: what stands between two nodes goes into the level above. */
  write(sorted: readonly number[]): void {
    let rows = sorted;
    let children: readonly number[] | undefined;
    for (;;) {
      const separators: number[] = [];
      const nodes: number[] = [];
      let [at, childAt] = [0, 0];
      for (const count of nodeSizes(rows.length)) {
        const own = children?.slice(childAt, childAt + count + 1);
        nodes.push(this.#writeNode(rows.slice(at, at + count), own));
        at += count;
        childAt += count + 1;
        const separator = rows[at];
        if (separator !== undefined) separators.push(separator);
        at += 1;
      }
      [rows, children] = [separators, nodes];
      if (rows.length === 0) break;
    }
    this.#setAddress(ROOT_AT, children[0] ?? 0);
    this.#setAddress(LENGTH_AT, sorted.length);
  }

  finish(): Uint8Array {
    const free = this.#end;
    this.#takeChunk();
    this.#memory[free + ALLOCATED_AT] = 0;
    this.#memory.writeBigUInt64LE(this.#chunks - 1n, CHUNK_COUNT_AT);
    this.#setAddress(FREE_CHUNK_AT, free);
    return this.#memory.subarray(0, this.#end);
  }

  #writeNode(rows: readonly number[], children: readonly number[] | undefined): number {
    const node = this.#nodeBytes(rows, children);
    const address = this.#takeChunk();
    this.#memory.set(node.subarray(0, PAGE_BYTES), address);
    let linkAt = address + OVERFLOW_AT;
    for (let from = PAGE_BYTES; from < node.length;) {
      const page = this.#takeChunk();
      const room = PAGE_BYTES - OVERFLOW_HEADER_BYTES;
      this.#memory.set(OVERFLOW, page);
      this.#memory.set(node.subarray(from, from + room), page + OVERFLOW_HEADER_BYTES);
      this.#setAddress(linkAt, page);
      linkAt = page + OVERFLOW_NEXT_AT;
      from += room;
    }
    return address;
  }

  #nodeBytes(rows: readonly number[], children: readonly number[] | undefined): Buffer {
    const header = Buffer.alloc(NODE_HEADER_BYTES);
    header.set(NODE);
    header[4] = children === undefined ? LEAF : INTERNAL;
    header.writeUInt16LE(rows.length, 5);
    const links = Buffer.alloc(8 * (children?.length ?? 0));
    for (const [index, child] of (children ?? []).entries()) {
      links.writeBigUInt64LE(BigInt(child), 8 * index);
    }
    const keys = rows.flatMap((row) => withLength(this.#rows.key(row)));
    const values = rows.flatMap((row) => withLength(this.#rows.value(row)));
    return Buffer.concat([header, links, ...keys, ...values]);
  }

  /** Gives the address of the room in the next chunk. */
  #takeChunk(): number {
    const chunk = this.#end;
    this.#end += CHUNK_HEADER_BYTES + PAGE_BYTES;
    if (this.#end > this.#memory.length) {
      this.#memory = Buffer.concat([this.#memory], 2 * this.#memory.length);
    }
    this.#memory.set(CHUNK, chunk);
    this.#memory[chunk + ALLOCATED_AT] = 1;
    this.#chunks += 1n;
    return chunk + CHUNK_HEADER_BYTES;
  }

  #setAddress(at: number, address: number): void {
    this.#memory.writeBigUInt64LE(BigInt(address), at);
  }
}

function withLength(bytes: Uint8Array): [Uint8Array, Uint8Array] {
  const length = Buffer.alloc(4);
  length.writeUInt32LE(bytes.length);
  return [length, bytes];
}

/**
 * How many rows go into each node of a level; between two nodes stands one row of the level above. Rows
 * that came in order left the least in each node but the last, and there something in between.
 */
function nodeSizes(rows: number): number[] {
  if (rows <= ROWS_MAX) return [rows];
  const nodes = Math.max(
    Math.ceil((rows + 1) / (ROWS_MAX + 1)),
    Math.floor((rows + 1 - MORE_IN_LAST) / (ROWS_LEAST + 1)),
  );
  const inNodes = rows - (nodes - 1);
  const more = Math.min(MORE_IN_LAST, inNodes - nodes * ROWS_LEAST);
  const base = Math.floor((inNodes - more) / nodes);
  const extra = (inNodes - more) % nodes;
  const sizes = Array.from({ length: nodes }, (_, node) => (node < extra ? base + 1 : base));
  sizes.push((sizes.pop() ?? 0) + more);
  return sizes;
}
