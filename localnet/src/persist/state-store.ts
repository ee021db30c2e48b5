import { createHash, randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { writeDurably } from './durable-file.ts';
import { RecordFile } from './record-file.ts';
import { damaged, StateDirError } from './state-dir-error.ts';

const SEED_FILE = 'seed';
const SEED_BYTES = 32;
const OWNER_ONLY = 0o600;

const SNAPSHOT_MAGIC = new TextEncoder().encode('localnet snapshot 1\n');
const DIGEST_BYTES = 32;

const SNAPSHOT_NAME = /^snapshot-(\d+)$/;
/** Every name this class gives, so that nothing else in the folder is ever deleted. */
const OWN_NAME = /^(seed|(snapshot|journal)-\d+)(\.tmp)?$/;

/**
 * The files of one network: its seed, and in generations a snapshot with the journal of all inputs
 * since. A generation counts from the moment its snapshot has its name; until then the one before
 * is complete. The caller holds the `StateLock`.
 */
export class StateStore {
  readonly #folder: string;
  #generation: number;
  #journal: RecordFile | undefined;

  constructor(folder: string) {
    this.#folder = folder;
    this.#generation = newestGeneration(folder);
    if (this.#generation === 0 && this.#hasJournal()) {
      throw damaged(folder, 'it has a journal without the snapshot before it');
    }
  }

  /** Deletes the network in the folder, and nothing else. */
  static clean(folder: string): void {
    // The newest snapshot goes first: cut short, this leaves nothing that would be taken for whole.
    const own = readdirSync(folder).filter((name) => OWN_NAME.test(name));
    for (const name of own.toSorted().toReversed()) rmSync(join(folder, name));
  }

  /** The network's secret, made at its first start: keys, ids and randomness follow from it. */
  seed(): Uint8Array {
    const path = join(this.#folder, SEED_FILE);
    if (!existsSync(path)) {
      if (this.#generation > 0) throw damaged(path, 'it is missing');
      writeDurably(path, [new TextEncoder().encode(`${randomSeed()}\n`)], OWNER_ONLY);
    }
    const text = readFileSync(path, 'utf8').trim();
    if (!/^[0-9a-f]{64}$/.test(text)) throw damaged(path, 'it is not 64 hex digits');
    return Uint8Array.from(Buffer.from(text, 'hex'));
  }

  /** The newest snapshot, or undefined if the network has not begun. Errors: `StateDirError`. */
  snapshot(): Uint8Array | undefined {
    if (this.#generation === 0) return undefined;
    const path = this.#path('snapshot', this.#generation);
    const file = readFileSync(path);
    const bodyAt = SNAPSHOT_MAGIC.length + DIGEST_BYTES;
    if (!SNAPSHOT_MAGIC.every((byte, index) => file[index] === byte)) {
      throw new StateDirError('unsupported', `${path} is not a snapshot of this version`);
    }
    const digest = file.subarray(SNAPSHOT_MAGIC.length, bodyAt);
    const body = new Uint8Array(file.subarray(bodyAt));
    if (!digest.equals(sha256(body))) throw damaged(path, 'its checksum is wrong');
    return body;
  }

  /** Hands out every input since the snapshot, in order. Errors: `StateDirError`. */
  replay(onRecord: (record: Uint8Array) => void): void {
    const path = this.#path('journal', this.#generation);
    if (!existsSync(path)) throw damaged(path, 'it is missing');
    this.#journal = RecordFile.open(path, onRecord);
    this.#removeOtherGenerations();
  }

  /** How much has happened since the snapshot. */
  get journalled(): { readonly records: number; readonly bytes: number } {
    return { records: this.#journal?.records ?? 0, bytes: this.#journal?.bytes ?? 0 };
  }

  append(record: Uint8Array): void {
    if (this.#journal === undefined) throw new Error('BUG: the journal is not open');
    this.#journal.append(record);
  }

  /** Makes `snapshot` the state; the journal starts empty. */
  startGeneration(snapshot: Uint8Array): void {
    const next = this.#generation + 1;
    // First the journal: a generation that exists is complete.
    const journal = RecordFile.create(this.#path('journal', next));
    const head = [SNAPSHOT_MAGIC, sha256(snapshot)];
    writeDurably(this.#path('snapshot', next), [...head, snapshot], OWNER_ONLY);
    this.#journal?.close();
    this.#journal = journal;
    this.#generation = next;
    this.#removeOtherGenerations();
  }

  close(): void {
    this.#journal?.close();
    this.#journal = undefined;
  }

  #path(kind: 'snapshot' | 'journal', generation: number): string {
    return join(this.#folder, `${kind}-${generation}`);
  }

  #hasJournal(): boolean {
    // Generation 1 has its journal before its snapshot, so that one alone is a first start cut short.
    return readdirSync(this.#folder).some((name) => /^journal-/.test(name) && name !== 'journal-1');
  }

  #removeOtherGenerations(): void {
    const current = `-${this.#generation}`;
    for (const name of readdirSync(this.#folder)) {
      const isOther = name.endsWith('.tmp') || !name.endsWith(current);
      if (OWN_NAME.test(name) && name !== SEED_FILE && isOther) rmSync(join(this.#folder, name));
    }
  }
}

function newestGeneration(folder: string): number {
  const numbers = readdirSync(folder).map((name) => Number(SNAPSHOT_NAME.exec(name)?.[1] ?? 0));
  return Math.max(0, ...numbers);
}

function randomSeed(): string {
  return randomBytes(SEED_BYTES).toString('hex');
}

function sha256(bytes: Uint8Array): Uint8Array {
  return createHash('sha256').update(bytes).digest();
}
