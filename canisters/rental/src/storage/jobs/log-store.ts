import { present } from '@decent-cloud/domain/assert.ts';
import { idKey, safeUint, uint32 } from '@decent-cloud/kit/keys/integer-keys.ts';
import { composite, keyCodec } from '@decent-cloud/kit/keys/key-codec.ts';
import type { StableStore } from '@decent-cloud/kit/store/stable-store.port.ts';
import type { JobId } from '../../core/ids.ts';
import {
  keptFrom,
  keptOf,
  PAGE_BYTES,
  pagesKept,
  pagesToDrop,
  type KeptLog,
} from '../../core/jobs/log-pages.ts';

/** The row that holds a log's length; never the number of a page. */
const LENGTH = 2 ** 32 - 1;

const keys = keyCodec(composite(idKey<JobId>(), uint32));
const lengths = keyCodec(safeUint);

export interface LogPiece {
  readonly offset: number;
  readonly bytes: Uint8Array;
}

/**
 * What workers printed, one log for each job, in pages: a log of any length takes at most 256 KiB,
 * and adding to it touches the pages that change only.
 */
export class LogStore {
  readonly #store: StableStore;

  /** The store must hold nothing else. */
  constructor(store: StableStore) {
    this.#store = store;
  }

  /** Bytes told so far, dropped ones too. */
  length(job: JobId): number {
    const bytes = this.#store.get(keys.encode([job, LENGTH]));
    return bytes === undefined ? 0 : lengths.decode(bytes);
  }

  kept(job: JobId): KeptLog {
    return keptOf(this.length(job));
  }

  /** Bytes that are there already are skipped; false and nothing done if some are missing before. */
  append(job: JobId, { offset, bytes }: LogPiece): boolean {
    const length = this.length(job);
    if (offset > length) return false;
    const fresh = bytes.subarray(length - offset);
    if (fresh.length === 0) return true;
    let at = length;
    for (let done = 0; done < fresh.length;) {
      const room = PAGE_BYTES - (at % PAGE_BYTES);
      const part = fresh.subarray(done, done + room);
      this.#extendPage(job, { offset: at, bytes: part });
      done += part.length;
      at += part.length;
    }
    for (const page of pagesToDrop({ fromBytes: length, toBytes: at })) {
      this.#store.remove(keys.encode([job, page]));
    }
    this.#store.insert(keys.encode([job, LENGTH]), lengths.encode(at));
    return true;
  }

  /**
   * At most `limit` bytes from `offset` on, or from where the kept rest starts if that byte is gone.
   * Never over the gap: bytes of one piece follow on each other.
   */
  read(job: JobId, request: { readonly offset: number; readonly limit: number }): LogPiece {
    const { totalBytes, droppedBytes, droppedFrom } = this.kept(job);
    const offset = Math.min(keptFrom(request.offset, totalBytes), totalBytes);
    const isBeforeGap = droppedBytes > 0 && offset < droppedFrom;
    const end = Math.min(offset + request.limit, isBeforeGap ? droppedFrom : totalBytes);
    const bytes = new Uint8Array(end - offset);
    for (let at = offset; at < end;) {
      const inPage = at % PAGE_BYTES;
      const part = this.#page(job, Math.floor(at / PAGE_BYTES)).subarray(inPage, inPage + end - at);
      bytes.set(part, at - offset);
      at += part.length;
    }
    return { offset, bytes };
  }

  clear(job: JobId): void {
    for (const page of pagesKept(this.length(job))) this.#store.remove(keys.encode([job, page]));
    this.#store.remove(keys.encode([job, LENGTH]));
  }

  #page(job: JobId, page: number): Uint8Array {
    return present(this.#store.get(keys.encode([job, page])), `page ${page} of a log is missing`);
  }

  #extendPage(job: JobId, { offset, bytes }: LogPiece): void {
    const page = Math.floor(offset / PAGE_BYTES);
    const filled = offset % PAGE_BYTES;
    const grown = new Uint8Array(filled + bytes.length);
    if (filled > 0) grown.set(this.#page(job, page));
    grown.set(bytes, filled);
    this.#store.insert(keys.encode([job, page]), grown);
  }
}
