import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { StateDirError } from '../src/persist/state-dir-error.ts';
import { holderOf, StateLock } from '../src/persist/state-lock.ts';
import { StateStore } from '../src/persist/state-store.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'state-dir-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

describe('StateStore', () => {
  it('starts empty, with a seed that stays', () => {
    const store = new StateStore(folder);
    expect(store.snapshot()).toBeUndefined();
    const seed = store.seed();
    expect(seed).toHaveLength(32);
    expect(new StateStore(folder).seed()).toEqual(seed);
  });

  it('gives back the newest snapshot and the records after it', () => {
    const store = begin('one');
    store.append(text('lost to the next snapshot'));
    store.startGeneration(text('two'));
    store.append(text('a'));
    store.append(text('b'));
    store.close();
    expect(load()).toEqual({ snapshot: 'two', records: ['a', 'b'] });
    expect(names()).toEqual(['journal-2', 'seed', 'snapshot-2']);
  });

  it('holds on to the generation before when a new one was cut short', () => {
    const store = begin('one');
    store.append(text('a'));
    store.close();
    writeFileSync(join(folder, 'journal-2.tmp'), 'loc');
    writeFileSync(join(folder, 'journal-2'), 'localnet journal 1\n');
    writeFileSync(join(folder, 'snapshot-2.tmp'), 'localnet snap');
    expect(load()).toEqual({ snapshot: 'one', records: ['a'] });
    expect(names()).toEqual(['journal-1', 'seed', 'snapshot-1']);
  });

  it('takes the new generation when the old one was not yet removed', () => {
    const store = begin('one');
    store.append(text('a'));
    for (const name of ['journal-1', 'snapshot-1']) {
      copyFileSync(join(folder, name), join(folder, `kept-${name}`));
    }
    store.startGeneration(text('two'));
    store.close();
    for (const name of ['journal-1', 'snapshot-1']) {
      copyFileSync(join(folder, `kept-${name}`), join(folder, name));
    }
    expect(load()).toEqual({ snapshot: 'two', records: [] });
    expect(names().filter((name) => !name.startsWith('kept-'))).toEqual([
      'journal-2',
      'seed',
      'snapshot-2',
    ]);
  });

  it('begins anew when the first start was cut short', () => {
    new StateStore(folder).seed();
    writeFileSync(join(folder, 'journal-1'), 'localnet journal 1\n');
    begin('one').close();
    expect(load()).toEqual({ snapshot: 'one', records: [] });
  });

  it.each(['seed', 'journal-1'])('refuses to go on without its %s', (name) => {
    begin('one').close();
    rmSync(join(folder, name));
    expect(load).toThrow(/is missing/);
  });

  it('refuses a journal whose snapshot is gone', () => {
    const store = begin('one');
    store.startGeneration(text('two'));
    store.close();
    rmSync(join(folder, 'snapshot-2'));
    expect(load).toThrow(/journal without the snapshot/);
  });

  it('refuses a damaged snapshot and one of another version', () => {
    begin('one').close();
    const path = join(folder, 'snapshot-1');
    const bytes = readFileSync(path);
    bytes[bytes.length - 1] = 0;
    writeFileSync(path, bytes);
    expect(load).toThrow(/its checksum is wrong/);
    writeFileSync(path, `localnet snapshot 9\n${'x'.repeat(40)}`);
    expect(load).toThrow(/not a snapshot of this version/);
  });

  it('deletes only its own files when it is cleaned', () => {
    begin('one').close();
    writeFileSync(join(folder, 'deployer.json'), '{}');
    StateStore.clean(folder);
    expect(names()).toEqual(['deployer.json']);
  });
});

describe('StateLock', () => {
  it('keeps a second network away and names the first', () => {
    const lock = StateLock.acquire(folder);
    lock.announce('http://127.0.0.1:4943');
    expect(() => StateLock.acquire(folder)).toThrow(StateDirError);
    expect(() => StateLock.acquire(folder)).toThrow(
      new RegExp(`process ${process.pid}.*http://127.0.0.1:4943.*--state-dir`),
    );
    expect(holderOf(folder)).toMatchObject({ pid: process.pid, url: 'http://127.0.0.1:4943' });
    lock.release();
    expect(holderOf(folder)).toBeUndefined();
    StateLock.acquire(folder).release();
  });

  it('takes over from a process that is gone', async () => {
    const child = spawn(process.execPath, ['-e', '']);
    await once(child, 'exit');
    writeLock({ pid: child.pid, startedAt: null, url: null });
    expect(holderOf(folder)).toBeUndefined();
    StateLock.acquire(folder).release();
    expect(names()).toEqual([]);
  });

  it('takes over when the process id belongs to another process by now', () => {
    writeLock({ pid: process.pid, startedAt: 'never', url: null });
    const lock = StateLock.acquire(folder);
    expect(holderOf(folder)).toMatchObject({ pid: process.pid });
    lock.release();
  });

  it('takes over from a lock file that says nothing', () => {
    writeFileSync(join(folder, 'lock'), 'not JSON');
    StateLock.acquire(folder).release();
    expect(existsSync(join(folder, 'lock'))).toBe(false);
  });
});

function begin(snapshot: string): StateStore {
  const store = new StateStore(folder);
  store.seed();
  store.startGeneration(text(snapshot));
  return store;
}

function load(): { snapshot: string; records: string[] } {
  const store = new StateStore(folder);
  store.seed();
  const snapshot = new TextDecoder().decode(store.snapshot());
  const records: string[] = [];
  store.replay((record) => records.push(new TextDecoder().decode(record)));
  store.close();
  return { snapshot, records };
}

function names(): string[] {
  return readdirSync(folder).toSorted();
}

function text(content: string): Uint8Array {
  return new TextEncoder().encode(content);
}

function writeLock(holder: unknown): void {
  writeFileSync(join(folder, 'lock'), JSON.stringify(holder));
}
