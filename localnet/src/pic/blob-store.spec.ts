import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { BlobStore } from './blob-store.ts';

const BYTES = Uint8Array.of(1, 2, 3, 4);

function idBytes(hex: string): Uint8Array {
  return new Uint8Array(Buffer.from(hex, 'hex'));
}

describe('BlobStore', () => {
  it('names content by its SHA-256', () => {
    const store = new BlobStore();
    const id = store.put(BYTES, undefined);
    expect(id).toBe(createHash('sha256').update(BYTES).digest('hex'));
    expect(store.content(idBytes(id))).toEqual(BYTES);
  });

  it('unpacks gzip', () => {
    const store = new BlobStore();
    const id = store.put(new Uint8Array(gzipSync(BYTES)), 'gzip');
    expect(store.content(idBytes(id))).toEqual(BYTES);
  });

  it('refuses other encodings, broken gzip and unknown ids', () => {
    const store = new BlobStore();
    expect(() => store.put(BYTES, 'br')).toThrow(/Only 'gzip'/);
    const broken = store.put(BYTES, 'gzip');
    expect(() => store.content(idBytes(broken))).toThrow(/Decompression failed/);
    expect(() => store.content(new Uint8Array(32))).toThrow(/Bad blob id/);
  });

  it('forgets the oldest beyond its size, never the newest', () => {
    const store = new BlobStore(8);
    const ids = [1, 2, 3].map((value) => store.put(new Uint8Array(4).fill(value), undefined));
    expect(() => store.content(idBytes(ids[0] ?? ''))).toThrow(/Bad blob id/);
    expect(store.content(idBytes(ids[1] ?? ''))).toHaveLength(4);
    const large = store.put(new Uint8Array(100), undefined);
    expect(store.content(idBytes(large))).toHaveLength(100);
  });
});
