import { createHash, randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
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

/** Given to the client, which else hashes chunks in whatever order their reading ends. */
function sha256(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(createHash('sha256').update(bytes).digest());
}

describe.each([
  { name: 'the stand-in', open: standInAssets },
  { name: "DFINITY's asset canister", open: realAssets },
])('@dfinity/assets and the gateway with $name', ({ open }) => {
  let world: AssetWorld;
  let folder: string;
  let files: UploadedFile[];

  beforeAll(async () => {
    world = await open();
    folder = await mkdtemp(path.join(tmpdir(), 'assets-'));
    files = await writeFolder(folder);
    const batch = world.manager.batch();
    for (const { key, bytes } of files) {
      const { dir, base } = path.posix.parse(key);
      const target = { fileName: base, ...(dir !== '/' && { path: dir }) };
      await batch.store(path.join(folder, key), { ...target, sha256: sha256(bytes) });
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
      sha256: Buffer.from(sha256(bytes)).toString('hex'),
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
    const bytes = bytesOf('/video.bin');
    await batch.store(bytes, { fileName: 'parts.bin', sha256: sha256(bytes) });
    await batch.commit();
    const page = await world.page('/parts.bin');
    expect(page.status).toBe(200);
    expect(Buffer.compare(page.body, bytes)).toBe(0);
  });

  it.each([
    ['/', '/index.html'],
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

  it('lets nobody else change anything', async () => {
    const stranger = await world.managerWith({});
    const refused = /not authorized|does not have Commit permission/i;
    await expect(stranger.store(Buffer.from('x'), { fileName: 'x.txt' })).rejects.toThrow(refused);
    await expect(stranger.clear()).rejects.toThrow(refused);
  });

  function bytesOf(key: string): Uint8Array {
    const file = files.find((candidate) => candidate.key === key);
    if (file === undefined) throw new Error(`BUG: no test file ${key}`);
    return file.bytes;
  }
});
