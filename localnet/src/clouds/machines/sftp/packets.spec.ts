import { fc, it as property } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { packets } from './packets.ts';
import { BadPacket, bytesField, packet, PacketReader, uint32, uint64 } from './sftp-wire.ts';

async function* stream(chunks: readonly Buffer[]): AsyncGenerator<Buffer> {
  for (const chunk of chunks) yield await Promise.resolve(chunk);
}

async function read(chunks: readonly Buffer[]): Promise<Buffer[]> {
  const found: Buffer[] = [];
  for await (const body of packets(stream(chunks))) found.push(Buffer.from(body));
  return found;
}

describe('packets', () => {
  property.prop([
    fc.array(fc.uint8Array({ minLength: 1, maxLength: 300 }), { maxLength: 8 }),
    fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 20 }),
  ])('come out as they went in, however the bytes are cut', async (bodies, cuts) => {
    const all = Buffer.concat(bodies.map((body) => bytesField(Buffer.from(body))));
    const chunks: Buffer[] = [];
    for (let at = 0, index = 0; at < all.length; index += 1) {
      const length = cuts[index % cuts.length] ?? 1;
      chunks.push(all.subarray(at, at + length));
      at += length;
    }
    expect(await read(chunks)).toEqual(bodies.map((body) => Buffer.from(body)));
  });

  it('are refused with a length of nothing, or of too much', async () => {
    await expect(read([uint32(0)])).rejects.toThrow(BadPacket);
    await expect(read([uint32(256 * 1024 + 1)])).rejects.toThrow(BadPacket);
  });
});

describe('PacketReader', () => {
  it('reads what the wire functions write', () => {
    const body = packet(9, uint32(7), uint64(2 ** 40), bytesField('päth')).subarray(4);
    const reader = new PacketReader(body.subarray(1));
    expect([reader.uint32(), reader.uint64(), reader.text()]).toEqual([7, 2 ** 40, 'päth']);
    expect(() => reader.uint32()).toThrow(BadPacket);
  });

  it('refuses fields that are longer than their packet, and numbers beyond all files', () => {
    expect(() => new PacketReader(uint32(5)).bytes()).toThrow(BadPacket);
    expect(() => new PacketReader(Buffer.alloc(8, 255)).uint64()).toThrow(BadPacket);
  });

  property.prop([fc.uint8Array({ maxLength: 60 })])('ends on any attributes', (bytes) => {
    try {
      expect(new PacketReader(Buffer.from(bytes)).attributes()).toBeTypeOf('object');
    } catch (error) {
      expect(error).toBeInstanceOf(BadPacket);
    }
  });
});
