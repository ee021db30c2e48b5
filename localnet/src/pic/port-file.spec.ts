import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PortFile } from './port-file.ts';

describe('PortFile', () => {
  let folder: string;
  let path: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'port-file-'));
    path = join(folder, 'server.port');
  });

  afterEach(() => rm(folder, { recursive: true }));

  it('holds the port and a newline, and leaves nothing else behind', async () => {
    await new PortFile(path).write(4_321);
    expect(await readFile(path, 'utf8')).toBe('4321\n');
    expect(await readdir(folder)).toEqual(['server.port']);
  });

  it('is removed by the server that wrote it', async () => {
    const file = new PortFile(path);
    await file.write(4_321);
    await file.remove();
    expect(await readdir(folder)).toEqual([]);
  });

  it('stays if another server has taken it over', async () => {
    const file = new PortFile(path);
    await file.write(4_321);
    await new PortFile(path).write(4_322);
    await file.remove();
    expect(await readFile(path, 'utf8')).toBe('4322\n');
  });

  it('is served only while somebody listens on its port', async () => {
    expect(await new PortFile(path).isServed()).toBe(false);
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    await writeFile(path, `${port}\n`);
    expect(await new PortFile(path).isServed()).toBe(true);
    await new Promise((resolve) => server.close(resolve));
    expect(await new PortFile(path).isServed()).toBe(false);
  });
});
