import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { syncFolder, writeDurably } from '../../../persist/durable-file.ts';

/** Where records survive the process. What `put` has returned from is still there after a crash. */
export interface RecordStore {
  load(kind: string): readonly unknown[];
  put(kind: string, id: number, record: unknown): void;
  remove(kind: string, id: number): void;
}

/** Forgets everything with the process. */
export const NO_STORE: RecordStore = {
  load: () => [],
  put: () => undefined,
  remove: () => undefined,
};

const FILE = /^\d+\.json$/;
/** User data may hold what nobody else should read. */
const FILE_MODE = 0o600;

/** One JSON file per record, in one folder per kind. */
export function fileStore(stateDir: string): RecordStore {
  const folderOf = (kind: string): string => {
    const folder = join(stateDir, kind);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    return folder;
  };
  const fileOf = (kind: string, id: number): string => join(folderOf(kind), `${id}.json`);
  return {
    load: (kind) =>
      readdirSync(folderOf(kind))
        .filter((name) => FILE.test(name))
        .map((name): unknown => JSON.parse(readFileSync(join(folderOf(kind), name), 'utf8'))),
    put(kind, id, record) {
      writeDurably(fileOf(kind, id), [Buffer.from(JSON.stringify(record))], FILE_MODE);
    },
    remove(kind, id) {
      rmSync(fileOf(kind, id), { force: true });
      syncFolder(folderOf(kind));
    },
  };
}
