import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { PicError } from './pic-error.ts';

interface Blob {
  readonly bytes: Uint8Array;
  readonly isGzip: boolean;
}

/** Uploads are meant for the next request; this many bytes of the newest are kept. */
const KEPT_BYTES = 1024 ** 3;

/** Content-addressed bytes uploaded ahead of a request that names them by SHA-256. */
export class BlobStore {
  readonly #keptBytes: number;
  readonly #blobs = new Map<string, Blob>();
  #bytes = 0;

  constructor(keptBytes = KEPT_BYTES) {
    this.#keptBytes = keptBytes;
  }

  /** Returns the blob's id: 64 hex digits of the SHA-256 of the bytes as uploaded. */
  put(bytes: Uint8Array, contentEncoding: string | undefined): string {
    if (contentEncoding !== undefined && contentEncoding !== 'gzip') {
      throw new PicError("Bad encoding: Only 'gzip' content encoding is supported");
    }
    const id = createHash('sha256').update(bytes).digest('hex');
    this.#drop(id);
    this.#blobs.set(id, { bytes, isGzip: contentEncoding === 'gzip' });
    this.#bytes += bytes.length;
    this.#dropOldest(id);
    return id;
  }

  /** The content, unpacked if it was uploaded gzipped. */
  content(id: Uint8Array): Uint8Array {
    const blob = this.#blobs.get(Buffer.from(id).toString('hex'));
    if (blob === undefined) throw new PicError('Bad blob id');
    if (!blob.isGzip) return blob.bytes;
    try {
      return new Uint8Array(gunzipSync(blob.bytes));
    } catch (cause) {
      throw new PicError(`Decompression failed: ${String(cause)}`);
    }
  }

  #dropOldest(newest: string): void {
    for (const id of this.#blobs.keys()) {
      if (this.#bytes <= this.#keptBytes || id === newest) return;
      this.#drop(id);
    }
  }

  #drop(id: string): void {
    this.#bytes -= this.#blobs.get(id)?.bytes.length ?? 0;
    this.#blobs.delete(id);
  }
}
