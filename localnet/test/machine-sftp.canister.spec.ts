import { readdirSync } from 'node:fs';
import { lstat, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Client, FileEntryWithStats, SFTPWrapper, Stats } from 'ssh2';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { asked, connect, openSftp, run, until } from './support/machine-client.ts';
import { type MachineWorld, openMachineWorld, type TestMachine } from './support/machine-world.ts';

const MIB = 1024 * 1024;

let world: MachineWorld;
let one: TestMachine;
let root: string;
let scratch: string;
let client: Client;
let sftp: SFTPWrapper;

beforeAll(async () => {
  world = await openMachineWorld();
  one = await world.boot('one');
  root = join(world.stateDir, 'one', 'fs');
  scratch = await mkdtemp(join(tmpdir(), 'sftp-'));
});

afterAll(async () => {
  await world.close();
  await rm(scratch, { recursive: true });
});

beforeEach(async () => {
  client = await connect(one);
  sftp = await openSftp(client);
});

afterEach(() => client.end());

function done(ask: (end: (error?: Error | null) => void) => void): Promise<void> {
  return asked<undefined>((end) => ask((error) => end(error, undefined)));
}

function write(path: string, text: string | Buffer): Promise<void> {
  return done((end) => sftp.writeFile(path, text, end));
}

function read(path: string): Promise<string> {
  return asked<Buffer>((end) => sftp.readFile(path, end)).then(String);
}

function stat(path: string): Promise<Stats> {
  return asked<Stats>((end) => sftp.stat(path, end));
}

function list(path: string): Promise<FileEntryWithStats[]> {
  return asked<FileEntryWithStats[]>((end) => sftp.readdir(path, end));
}

describe('SFTP', () => {
  it('writes what programs read, and reads what programs write', async () => {
    await write('/var/lib/note', 'by SFTP\n');
    expect((await run(one, 'cat /var/lib/note; echo more >> /var/lib/note')).stdout).toBe(
      'by SFTP\n',
    );
    expect(await read('/var/lib/note')).toBe('by SFTP\nmore\n');
  });

  it('moves large files whole, many requests at a time', async () => {
    const bytes = Buffer.from(
      Array.from({ length: 5 * MIB }, (_unused, index) => (index * 7) % 251),
    );
    const [there, back] = [join(scratch, 'there'), join(scratch, 'back')];
    await writeFile(there, bytes);
    await done((end) => sftp.fastPut(there, '/opt/large', { concurrency: 32 }, end));
    await done((end) => sftp.fastGet('/opt/large', back, { concurrency: 32 }, end));
    expect((await readFile(back)).equals(bytes)).toBe(true);
    expect((await run(one, 'stat -c %s /opt/large')).stdout).toBe(`${5 * MIB}\n`);
  });

  it('keeps permissions, sizes and times', async () => {
    await done((end) => sftp.open('/root/secret', 'w', { mode: 0o600 }, (error) => end(error)));
    expect((await stat('/root/secret')).mode & 0o7777).toBe(0o600);
    await write('/root/secret', 'abcdef');
    await done((end) => sftp.chmod('/root/secret', 0o755, end));
    await done((end) => sftp.utimes('/root/secret', 1_000_000, 2_000_000, end));
    await done((end) => sftp.setstat('/root/secret', { size: 3 }, end));
    await done((end) => sftp.utimes('/root/secret', 1_000_000, 2_000_000, end));
    const { mode, size, mtime, uid, gid } = await stat('/root/secret');
    expect([mode & 0o7777, size, mtime, uid, gid]).toEqual([0o755, 3, 2_000_000, 0, 0]);
    const seen = await run(one, 'stat -c "%a %s %Y %U" /root/secret');
    expect(seen.stdout).toBe('755 3 2000000 root\n');
  });

  it('makes, lists and removes folders', async () => {
    await done((end) => sftp.mkdir('/srv/site', { mode: 0o750 } as never, end));
    await write('/srv/site/a', '1');
    await write('/srv/site/b', '22');
    const entries = await list('/srv/site');
    expect(entries.map((entry) => entry.filename).sort()).toEqual(['a', 'b']);
    expect(entries.find((entry) => entry.filename === 'b')?.longname).toMatch(
      /^-rw-r--r-- .* 2 .* b$/,
    );
    await expect(done((end) => sftp.rmdir('/srv/site', end))).rejects.toThrow();
    await done((end) => sftp.unlink('/srv/site/a', end));
    await done((end) => sftp.unlink('/srv/site/b', end));
    await done((end) => sftp.rmdir('/srv/site', end));
    await expect(stat('/srv/site')).rejects.toThrow('No such file');
  });

  it('lists folders of many files', async () => {
    await run(one, 'mkdir /srv/many && cd /srv/many && touch $(seq 750)');
    expect(await list('/srv/many')).toHaveLength(750);
  });

  it('renames like OpenSSH: plainly never over a file, by its extension always', async () => {
    await write('/root/new', 'new');
    await write('/root/old', 'old');
    await expect(done((end) => sftp.rename('/root/new', '/root/old', end))).rejects.toThrow();
    expect(await read('/root/old')).toBe('old');
    await done((end) => sftp.ext_openssh_rename('/root/new', '/root/old', end));
    expect(await read('/root/old')).toBe('new');
    await expect(stat('/root/new')).rejects.toThrow('No such file');
  });

  it('knows links, and which way round they are named', async () => {
    await write('/root/target', 'behind');
    await done((end) => sftp.symlink('/root/target', '/root/link', end));
    expect(await asked<string>((end) => sftp.readlink('/root/link', end))).toBe('/root/target');
    expect(await read('/root/link')).toBe('behind');
    expect((await asked<Stats>((end) => sftp.lstat('/root/link', end))).isSymbolicLink()).toBe(
      true,
    );
    expect((await run(one, 'readlink /root/link')).stdout).toBe('/root/target\n');
  });

  it('starts in the home of root', async () => {
    expect(await asked<string>((end) => sftp.realpath('.', end))).toBe('/root');
    expect(await asked<string>((end) => sftp.realpath('../srv/./x', end))).toBe('/srv/x');
    await write('relative', 'here');
    expect((await run(one, 'cat /root/relative')).stdout).toBe('here');
  });

  it('never leaves the machine, by no path and by no link', async () => {
    const outside = join(scratch, 'outside');
    await writeFile(outside, 'of the host');
    await expect(read(`/../../../../../../../../../..${outside}`)).rejects.toThrow('No such file');
    await run(one, `ln -s ${outside} /root/out; ln -s / /root/top; ln -s ../../../../.. /root/up`);
    await expect(read('/root/out')).rejects.toThrow('No such file');
    await symlink(outside, join(root, 'root', 'by-host'));
    await expect(read('/root/by-host')).rejects.toThrow('No such file');
    expect((await list('/root/top')).map((entry) => entry.filename)).toContain('srv');
    expect((await list('/root/up/srv')).length).toBeGreaterThan(0);
    await expect(write('/root/out', 'changed')).rejects.toThrow();
    expect(await readFile(outside, 'utf8')).toBe('of the host');
  });

  it('is not led astray by a program that swaps folders for links meanwhile', async () => {
    await writeFile(join(scratch, 'name'), 'of the host');
    const program = `const fs = require('fs'); process.chdir('/root'); fs.mkdirSync('real');
      fs.writeFileSync('real/name', 'inside'); fs.symlinkSync('${scratch}', 'fake');
      while (!fs.existsSync('stop')) for (const name of ['real', 'fake']) {
        fs.renameSync(name, 'place'); fs.renameSync('place', name);
      }`;
    const swapping = run(one, 'node -', program);
    const seen: string[] = [];
    while (seen.length < 300 || seen.filter((text) => text === 'inside').length < 20) {
      seen.push(await read('/root/place/name').catch(() => 'nothing'));
    }
    await write('/root/stop', '');
    expect((await swapping).stderr).toBe('');
    expect(seen).not.toContain('of the host');
    await rm(join(scratch, 'name'));
  });

  it('does not wait for a named pipe, and reads no folder as a file', async () => {
    await run(one, 'mkfifo /root/pipe');
    await expect(read('/root/pipe')).rejects.toThrow();
    await expect(read('/root')).rejects.toThrow();
  });

  it('moves and removes nothing that the system stands on', async () => {
    await expect(done((end) => sftp.rename('/etc', '/etc2', end))).rejects.toThrow('EBUSY');
    await expect(done((end) => sftp.rmdir('/usr/local', end))).rejects.toThrow('EBUSY');
    await expect(done((end) => sftp.unlink('/etc/ld.so.preload', end))).rejects.toThrow('EBUSY');
    expect((await lstat(join(root, 'etc'))).isDirectory()).toBe(true);
  });

  it('closes what a client that has gone away left open', async () => {
    const openHere = (): number => readdirSync('/proc/self/fd').length;
    const before = openHere();
    for (let round = 0; round < 5; round += 1) {
      const gone = await connect(one);
      const files = await openSftp(gone);
      await asked<Buffer>((end) => files.open(`/root/left-${round}`, 'w', end));
      gone.destroy();
    }
    await until(() => Promise.resolve(openHere() <= before));
  });

  it('says what it cannot do', async () => {
    await expect(read('/root/nothing')).rejects.toThrow('No such file');
    await expect(done((end) => sftp.ext_openssh_fsync(Buffer.from('99'), end))).rejects.toThrow();
    await expect(done((end) => sftp.close(Buffer.from('99'), end))).rejects.toThrow(
      'Invalid handle',
    );
  });
});
