import { mkdirSync } from 'node:fs';
import { restoreReplica } from '../core/create-replica.ts';
import type { Replica } from '../core/replica-api.ts';
import type { ProgramFactory } from '../core/state-image.ts';
import { createNode, type LocalnetNode, type NodeOptions } from '../localnet-node.ts';
import { decodeInput, encodeInput } from './input-codec.ts';
import { StateLock } from './state-lock.ts';
import { StateStore } from './state-store.ts';

/** A snapshot is taken at the next rest after this much; a restart replays at most about as much. */
const SNAPSHOT_AFTER = { records: 2_000, bytes: 32 * 1024 * 1024 };

export interface PersistentNodeOptions {
  readonly stateDir: string;
  /** Deletes the network that is there first. */
  readonly clean?: boolean;
  /** Places native canisters; runs only when the network begins. */
  readonly genesis: (replica: Replica) => void;
  /** Makes the native canisters of a network that began earlier. */
  readonly programs: ProgramFactory;
  readonly node?: Omit<NodeOptions, 'seed' | 'makeReplica'>;
  readonly snapshotAfter?: { readonly records: number; readonly bytes: number };
}

export interface PersistentNode {
  readonly node: LocalnetNode;
  /** Whether the network was there before. */
  readonly isRestored: boolean;
  /** Tells others where the network is served. */
  announce(url: string): void;
  /** Takes a last snapshot if the replica is at rest; without one the journal holds everything. */
  close(): void;
}

/**
 * A node whose every input is in a journal before it takes effect: whatever a client was told
 * survives the end of the process, however it ends. The host is not started.
 *
 * Errors: `StateDirError` if the directory is in use, damaged or of another version.
 */
export function openPersistentNode(options: PersistentNodeOptions): PersistentNode {
  mkdirSync(options.stateDir, { recursive: true });
  const lock = StateLock.acquire(options.stateDir);
  try {
    if (options.clean === true) StateStore.clean(options.stateDir);
    const store = new StateStore(options.stateDir);
    const { node, isRestored } = loadNode(store, options);
    const journalling = new Journalling(node.replica, store, options);
    return {
      node,
      isRestored,
      announce: (url) => {
        lock.announce(url);
      },
      close: () => {
        journalling.close();
        lock.release();
      },
    };
  } catch (error) {
    lock.release();
    throw error;
  }
}

function loadNode(
  store: StateStore,
  options: PersistentNodeOptions,
): { node: LocalnetNode; isRestored: boolean } {
  const seed = store.seed();
  const snapshot = store.snapshot();
  if (snapshot === undefined) {
    const node = createNode({ ...options.node, seed });
    options.genesis(node.replica);
    // Native canisters are no inputs: only a snapshot brings them back.
    store.startGeneration(node.replica.snapshot());
    return { node, isRestored: false };
  }
  const node = createNode({
    ...options.node,
    seed,
    makeReplica: (replica) => restoreReplica(replica, snapshot, options.programs),
  });
  store.replay((record) => {
    node.replica.apply(decodeInput(record));
  });
  return { node, isRestored: true };
}

/** Writes inputs ahead and turns them into a snapshot now and then. */
class Journalling {
  readonly #replica: Replica;
  readonly #store: StateStore;
  readonly #limit: { readonly records: number; readonly bytes: number };
  #scheduled: NodeJS.Immediate | undefined;
  #isClosed = false;

  constructor(replica: Replica, store: StateStore, options: PersistentNodeOptions) {
    this.#replica = replica;
    this.#store = store;
    this.#limit = options.snapshotAfter ?? SNAPSHOT_AFTER;
    replica.onInput((input) => {
      if (this.#isClosed) throw new Error('the network is closed and takes no more messages');
      store.append(encodeInput(input));
      this.#scheduleSnapshot();
    });
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    clearImmediate(this.#scheduled);
    if (this.#store.journalled.records > 0) this.#snapshotAtRest();
    this.#store.close();
  }

  /** Not at once: the input at hand is in the journal and not yet in the state. */
  #scheduleSnapshot(): void {
    const { records, bytes } = this.#store.journalled;
    if (records < this.#limit.records && bytes < this.#limit.bytes) return;
    this.#scheduled ??= setImmediate(() => {
      this.#scheduled = undefined;
      this.#snapshotAtRest();
    });
  }

  #snapshotAtRest(): void {
    if (this.#replica.isAtRest()) this.#store.startGeneration(this.#replica.snapshot());
  }
}
