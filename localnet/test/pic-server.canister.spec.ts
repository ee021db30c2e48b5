import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PocketIc, PocketIcServer } from '@dfinity/pic';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

const BINARY = fileURLToPath(new URL('../bin/pocket-ic', import.meta.url));

/** The server as a process: how clients start, find and end it. */
describe('bin/pocket-ic', () => {
  let folder: string;
  let portFile: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pic-bin-'));
    portFile = join(folder, 'port');
  });

  afterEach(() => rm(folder, { recursive: true }));

  it('is started and stopped by the client', async () => {
    const server = await PocketIcServer.start({ binPath: BINARY, ttl: 30 });
    const url = server.getUrl();
    const pic = await PocketIc.create(url);
    expect(await pic.getTopology()).toHaveLength(1);
    await pic.tearDown();
    await server.stop();
    await expect(fetch(`${url}/status`)).rejects.toThrow();
  });

  it('writes its port when it is ready and removes the file on SIGTERM', async () => {
    const child = spawn(BINARY, ['--port-file', portFile], { stdio: 'ignore' });
    const exit = once(child, 'exit');
    await vi.waitUntil(() => existsSync(portFile), { timeout: 30_000 });
    const text = await readFile(portFile, 'utf8');
    expect(text).toMatch(/^\d+\n$/);
    expect((await fetch(`http://127.0.0.1:${text.trim()}/status`)).status).toBe(200);
    child.kill('SIGTERM');
    expect(await exit).toEqual([0, null]);
    expect(existsSync(portFile)).toBe(false);
  });

  it('ends by itself after its time to live without requests', async () => {
    const child = spawn(BINARY, ['--port-file', portFile, '--ttl', '1'], { stdio: 'ignore' });
    const exit = once(child, 'exit');
    await vi.waitUntil(() => existsSync(portFile), { timeout: 30_000 });
    expect(await exit).toEqual([0, null]);
    expect(existsSync(portFile)).toBe(false);
  });

  it('leaves the port file to a server that already serves it', async () => {
    const first = spawn(BINARY, ['--port-file', portFile], { stdio: 'ignore' });
    const firstExit = once(first, 'exit');
    await vi.waitUntil(() => existsSync(portFile), { timeout: 30_000 });
    const text = await readFile(portFile, 'utf8');
    const second = spawn(BINARY, ['--port-file', portFile], { stdio: 'ignore' });
    expect(await once(second, 'exit')).toEqual([0, null]);
    expect(await readFile(portFile, 'utf8')).toBe(text);
    first.kill('SIGINT');
    expect(await firstExit).toEqual([0, null]);
  });

  it('says what is wrong with its arguments', async () => {
    const child = spawn(BINARY, ['--ttl', 'soon'], { stdio: ['ignore', 'ignore', 'pipe'] });
    let errors = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
    expect(await once(child, 'close')).toEqual([1, null]);
    expect(errors).toContain('--ttl must be a whole number');
  });
});
