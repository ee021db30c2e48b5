import { invariant } from '@decent-cloud/domain/assert.ts';
import { safeUint, uint8 } from '../keys/integer-keys.ts';
import { composite, keyCodec, type KeyCodec, type KeyPart } from '../keys/key-codec.ts';
import { charPerByte } from '../text-host.ts';
import { BoundedCache } from './bounded-cache.ts';
import type { StableStore } from './stable-store.port.ts';

/** Part of the stored form. */
const ENDS = 0;
const NODE = 1;
const NONE = Number.MAX_SAFE_INTEGER;
const WORD = 2 ** 32;
const CACHED = 1_024;

export interface LinkedPage<Id> {
  readonly ids: readonly Id[];
  /** The first of the next page. */
  readonly next: Id | undefined;
}

/** Two neighbours, or the two ends of a list and how many it holds. */
interface Links {
  readonly newer: number;
  readonly older: number;
  readonly count: number;
}

/**
 * Lists of ids that can be taken out again, one list for each parent, the newest first. Adding,
 * removing and reading a page cost point reads and writes only, whatever the length. An id is in the
 * list of a parent once or not at all.
 */
export class LinkedList<P, Id extends number> {
  readonly #store: StableStore;
  readonly #key: KeyCodec<readonly [P, number, number]>;
  /** By the bytes of their keys; ends and newest nodes of busy lists are asked for again and again. */
  readonly #known = new BoundedCache<string, Links | 'none'>(CACHED);

  /** The store must hold nothing else; parents share it. */
  constructor(options: { readonly store: StableStore; readonly parent: KeyPart<P> }) {
    this.#store = options.store;
    this.#key = keyCodec(composite(options.parent, uint8, safeUint));
  }

  has(parent: P, id: Id): boolean {
    return this.#read(this.#nodeKey(parent, id)) !== undefined;
  }

  count(parent: P): number {
    return this.#ends(parent).count;
  }

  /** What was added first of all that are in the list; undefined if it is empty. */
  oldest(parent: P): Id | undefined {
    const { older } = this.#ends(parent);
    return older === NONE ? undefined : (older as Id);
  }

  /** Puts an id at the newest end; one that is in the list already stays where it is. */
  add(parent: P, id: Id): void {
    invariant(id >= 0 && id < NONE, 'an id is no number of a list');
    if (this.has(parent, id)) return;
    const { newer: newest, older: oldest, count } = this.#ends(parent);
    this.#write(this.#nodeKey(parent, id), { newer: NONE, older: newest, count: 0 });
    if (newest !== NONE) {
      const before = this.#node(parent, newest);
      this.#write(this.#nodeKey(parent, newest), { ...before, newer: id });
    }
    const last = oldest === NONE ? id : oldest;
    this.#write(this.#endsKey(parent), { newer: id, older: last, count: count + 1 });
  }

  /** True if it was in the list. */
  remove(parent: P, id: Id): boolean {
    const ends = this.#ends(parent);
    if (ends.count === 0) return false;
    const key = this.#nodeKey(parent, id);
    if (ends.count === 1) {
      if (ends.newer !== id) return false;
      this.#remove(key);
      this.#remove(this.#endsKey(parent));
      return true;
    }
    const node = this.#read(key);
    if (node === undefined) return false;
    this.#remove(key);
    if (node.newer !== NONE) this.#relink(parent, node.newer, { older: node.older });
    if (node.older !== NONE) this.#relink(parent, node.older, { newer: node.newer });
    this.#write(this.#endsKey(parent), {
      newer: ends.newer === id ? node.older : ends.newer,
      older: ends.older === id ? node.newer : ends.older,
      count: ends.count - 1,
    });
    return true;
  }

  /** Newest first, from `from` on; undefined if `from` is not in the list (any more). */
  page(
    parent: P,
    request: { readonly from: Id | undefined; readonly limit: number },
  ): LinkedPage<Id> | undefined {
    if (request.from !== undefined && !this.has(parent, request.from)) return undefined;
    const ids: Id[] = [];
    let at = request.from ?? this.#ends(parent).newer;
    while (at !== NONE && ids.length < request.limit) {
      ids.push(at as Id);
      at = this.#node(parent, at).older;
    }
    return { ids, next: at === NONE ? undefined : (at as Id) };
  }

  #relink(parent: P, id: number, change: Partial<Links>): void {
    this.#write(this.#nodeKey(parent, id), { ...this.#node(parent, id), ...change });
  }

  #ends(parent: P): Links {
    return this.#read(this.#endsKey(parent)) ?? { newer: NONE, older: NONE, count: 0 };
  }

  #node(parent: P, id: number): Links {
    const node = this.#read(this.#nodeKey(parent, id));
    invariant(node !== undefined, `a list has lost ${id}`);
    return node;
  }

  #nodeKey(parent: P, id: number): Uint8Array {
    return this.#key.encode([parent, NODE, id]);
  }

  #endsKey(parent: P): Uint8Array {
    return this.#key.encode([parent, ENDS, 0]);
  }

  #read(key: Uint8Array): Links | undefined {
    const name = charPerByte(key);
    const known = this.#known.get(name);
    if (known !== undefined) return known === 'none' ? undefined : known;
    const bytes = this.#store.get(key);
    const links = bytes === undefined ? undefined : linksOf(bytes);
    this.#known.set(name, links ?? 'none');
    return links;
  }

  #remove(key: Uint8Array): void {
    this.#store.remove(key);
    this.#known.set(charPerByte(key), 'none');
  }

  #write(key: Uint8Array, links: Links): void {
    const { newer, older, count } = links;
    const view = new DataView(new ArrayBuffer(20));
    view.setUint32(0, Math.floor(newer / WORD));
    view.setUint32(4, newer >>> 0);
    view.setUint32(8, Math.floor(older / WORD));
    view.setUint32(12, older >>> 0);
    view.setUint32(16, count);
    this.#store.insert(key, new Uint8Array(view.buffer));
    this.#known.set(charPerByte(key), links);
  }
}

function linksOf(bytes: Uint8Array): Links {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const word = (at: number) => view.getUint32(at) * WORD + view.getUint32(at + 4);
  return { newer: word(0), older: word(8), count: view.getUint32(16) };
}
