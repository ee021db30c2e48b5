import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

const NOT_OURS = new Set([
  '.azle',
  '.cache',
  '.git',
  '.localnet',
  '.svelte-kit',
  'coverage',
  'declarations',
  'dist',
  'node_modules',
]);

export interface SourceFile {
  /** Relative to the root, with forward slashes. */
  readonly path: string;
  readonly name: string;
  readonly text: string;
  readonly lineCount: number;
}

function* walk(folder: string): Generator<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (NOT_OURS.has(entry.name)) continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* walk(path);
    else if (entry.isFile()) yield path;
  }
}

/** Every file of the project whose name ends in one of `endings`, generated ones left out. */
export function filesEnding(...endings: readonly string[]): SourceFile[] {
  return [...walk(ROOT)].filter((path) => endings.some((end) => path.endsWith(end))).map(read);
}

function read(path: string): SourceFile {
  const text = readFileSync(path, 'utf8');
  return {
    path: relative(ROOT, path),
    name: basename(path),
    text,
    lineCount: text.trimEnd().split('\n').length,
  };
}
