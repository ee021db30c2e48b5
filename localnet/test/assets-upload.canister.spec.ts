import { createHash, randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { realAssets, standInAssets, type AssetWorld } from './fixtures/asset-worlds.ts';

const SMALL_FILES = 60;
const BIG_BYTES = 5 * 1024 * 1024;

interface UploadedFile {
  readonly key: string;
  readonly bytes: Uint8Array;
}

/** A folder as a frontend build leaves it: pages, scripts and one big file. */
async function writeFolder(folder: string): Promise<UploadedFile[]> {
  const names = [
    'index.html',
    'about.html',
    'docs/index.html',
    ...Array.from({ length: SMALL_FILES }, (_, index) => `js/part-${index}.js`),
  ];
  const files = names.map((name) => ({ name, bytes: Buffer.from(`content of ${name}\n`) }));
  files.push({ name: 'video.bin', bytes: randomBytes(BIG_BYTES) });
  for (const { name, bytes } of files) {
    await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
    await writeFile(path.join(folder, name), bytes);
  }
  return files.map(({ name, bytes }) => ({ key: `/${name}`, bytes: new Uint8Array(bytes) }));
}

describe.each([
  { name: 'the stand-in', open: standInAssets, isStandIn: true },
  { name: "DFINITY's asset canister", open: realAssets, isStandIn: false },
])('@dfinity/assets and the gateway with $name', ({ open, isStandIn }) => {
  let world: AssetWorld;
  let folder: string;
  let files: UploadedFile[];

  beforeAll(async () => {
    world = await open();
    folder = await mkdtemp(path.join(tmpdir(), 'assets-'));
    files = await writeFolder(folder);
    const batch = world.manager.batch();
    for (const { key } of files) {
      const { dir, base } = path.posix.parse(key);
      const target = { fileName: base, ...(dir !== '/' && { path: dir }) };
      await batch.store(path.join(folder, key), target);
    }
    await batch.commit();
  });
  afterAll(async () => {
    await world.gateway.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('lists what was uploaded with its lengths and hashes', async () => {
    const listed = await world.manager.list();
    const summary = listed.map(({ key, encodings }) => ({
      key,
      length: encodings[0]?.length,
      sha256: Buffer.from(encodings[0]?.sha256[0] ?? []).toString('hex'),
    }));
    const expected = files.map(({ key, bytes }) => ({
      key,
      length: BigInt(bytes.length),
      sha256: createHash('sha256').update(bytes).digest('hex'),
    }));
    const byKey = (a: { key: string }, b: { key: string }): number => (a.key < b.key ? -1 : 1);
    expect(summary.sort(byKey)).toEqual(expected.sort(byKey));
  });

  it('gives every file back, whole and in order, also in chunks', async () => {
    const asset = await world.manager.get('/video.bin');
    expect(asset.length).toBe(BIG_BYTES);
    expect(Buffer.compare(await asset.toUint8Array(), bytesOf('/video.bin'))).toBe(0);
    expect(await asset.verifySha256()).toBe(true);
  });

  it('certifies files for clients that check against the root key', async () => {
    for (const key of ['/index.html', '/js/part-7.js']) {
      const asset = await world.manager.get(key);
      expect(await asset.isCertified()).toBe(true);
    }
  });

  it('serves every file through the gateway, verified, with its type', async () => {
    for (const { key, bytes } of files) {
      const page = await world.page(key);
      expect([key, page.status]).toEqual([key, 200]);
      expect(Buffer.compare(page.body, bytes)).toBe(0);
    }
    expect((await world.page('/index.html')).headers['content-type']).toBe('text/html');
    expect((await world.page('/js/part-0.js')).headers['content-type']).toBe(
      'application/javascript',
    );
  });

  it('streams a file of more parts than can be verified at once', async () => {
    const manager = await world.managerWith({
      identity: world.uploader,
      maxChunkSize: BIG_BYTES / 10,
    });
    const batch = manager.batch();
    await batch.store(path.join(folder, 'video.bin'), { fileName: 'parts.bin' });
    await batch.commit();
    const page = await world.page('/parts.bin');
    expect(page.status).toBe(200);
    expect(Buffer.compare(page.body, bytesOf('/video.bin'))).toBe(0);
  });

  it.each([
    ['/', '/index.html'],
    ['/about', '/about.html'],
    ['/docs/', '/docs/index.html'],
    ['/docs', '/docs/index.html'],
    ['/?query=ignored', '/index.html'],
    ['/no/such/page', '/index.html'],
    ['/js/part%2D1.js', '/js/part-1.js'],
  ])('answers %s with %s', async (requested, key) => {
    const page = await world.page(requested);
    expect(page.status).toBe(200);
    expect(page.text).toBe(Buffer.from(bytesOf(key)).toString());
  });

  it('answers HEAD without the body', async () => {
    const page = await world.page('/about.html', { method: 'HEAD' });
    expect(page.status).toBe(200);
    expect(page.headers['content-length']).toBe(bytesOf('/about.html').length.toString());
    expect(page.body).toHaveLength(0);
  });

  it('chooses the encoding by what the client accepts', async () => {
    const text = Buffer.from('compress me '.repeat(100));
    const store = { fileName: 'encoded.txt', contentType: 'text/plain' };
    await world.manager.store(text, store);
    await world.manager.store(gzipSync(text), { ...store, contentEncoding: 'gzip' });
    await world.manager.store(brotliCompressSync(text), { ...store, contentEncoding: 'br' });
    for (const [accepted, chosen, bytes] of [
      ['gzip, deflate, br', 'gzip', gzipSync(text)],
      ['br', 'br', brotliCompressSync(text)],
      ['zstd', undefined, text],
    ] as const) {
      const page = await world.page('/encoded.txt', { headers: { 'accept-encoding': accepted } });
      expect(page.headers['content-encoding']).toBe(chosen);
      expect(Buffer.compare(page.body, bytes)).toBe(0);
    }
  });

  it('sends the headers an asset was created with', async () => {
    const batch = world.manager.batch();
    await batch.store(Buffer.from('<p>safe</p>'), {
      fileName: 'safe.html',
      headers: [
        ['Content-Security-Policy', "default-src 'self'"],
        ['X-Frame-Options', 'DENY'],
      ],
    });
    await batch.commit();
    const page = await world.page('/safe.html');
    expect(page.headers['content-security-policy']).toBe("default-src 'self'");
    expect(page.headers['x-frame-options']).toBe('DENY');
  });

  it.runIf(isStandIn)('answers that nothing was modified, certified', async () => {
    const first = await world.page('/about.html');
    const { etag } = first.headers;
    expect(etag).toMatch(/^"[0-9a-f]{64}"$/);
    const second = await world.page('/about.html', { headers: { 'if-none-match': etag ?? '' } });
    expect(second.status).toBe(304);
    expect(second.headers.etag).toBe(etag);
    expect(second.body).toHaveLength(0);
    const other = await world.page('/index.html', { headers: { 'if-none-match': etag ?? '' } });
    expect(other.status).toBe(200);
  });

  it('lets nobody else change anything', async () => {
    const stranger = await world.managerWith({});
    await expect(stranger.store(Buffer.from('x'), { fileName: 'x.txt' })).rejects.toThrow(
      /permission|authorized/,
    );
    await expect(stranger.delete('/index.html')).rejects.toThrow(/permission|authorized/);
    await expect(stranger.clear()).rejects.toThrow(/permission|authorized/);
  });

  it('deletes', async () => {
    await world.manager.store(Buffer.from('gone soon'), { fileName: 'gone.txt' });
    await world.manager.delete('/gone.txt');
    await expect(world.manager.get('/gone.txt')).rejects.toThrow('asset not found');
    expect((await world.manager.list()).map(({ key }) => key)).not.toContain('/gone.txt');
  });

  function bytesOf(key: string): Uint8Array {
    const file = files.find((candidate) => candidate.key === key);
    if (file === undefined) throw new Error(`BUG: no test file ${key}`);
    return file.bytes;
  }
});

describe.each([
  { name: 'the stand-in', open: standInAssets },
  { name: "DFINITY's asset canister", open: realAssets },
])('a site without index.html on $name', ({ open }) => {
  it('answers a certified 404', async () => {
    const world = await open();
    try {
      const batch = world.manager.batch();
      await batch.store(Buffer.from('one'), { fileName: 'one.txt' });
      await batch.commit();
      const page = await world.page('/two.txt');
      expect([page.status, page.text]).toEqual([404, 'not found']);
      expect(page.headers['x-ic-error-cause']).toBeUndefined();
    } finally {
      await world.gateway.close();
    }
  });
});
