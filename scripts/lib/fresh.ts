import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const IGNORED = new Set(['node_modules', 'dist', '.azle', '.cache', '.svelte-kit', 'test']);

/** A step that makes files from files and need not run again while neither changed. */
export interface BuildStep {
  readonly name: string;
  /** Files and folders that decide the result. */
  readonly inputs: readonly string[];
  /** What the step leaves behind; the step runs if any is missing. */
  readonly outputs: readonly string[];
}

/** Runs `build` unless inputs are as they were after its last success. True if it ran. */
export async function buildIfStale(
  step: BuildStep,
  stampFolder: string,
  build: () => Promise<void>,
): Promise<boolean> {
  const stampFile = join(stampFolder, `${step.name}.sha256`);
  const stamp = hashOf(step.inputs);
  const isKnown = existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp;
  if (isKnown && step.outputs.every((path) => existsSync(path))) return false;
  await build();
  mkdirSync(dirname(stampFile), { recursive: true });
  writeFileSync(stampFile, stamp);
  return true;
}

function hashOf(inputs: readonly string[]): string {
  const hash = createHash('sha256');
  for (const path of inputs.flatMap((input) => [...filesIn(input)])) {
    hash.update(`${path}\0`).update(createHash('sha256').update(readFileSync(path)).digest());
  }
  return hash.digest('hex');
}

function* filesIn(path: string): Generator<string> {
  if (!existsSync(path)) return;
  if (!statSync(path).isDirectory()) {
    yield path;
    return;
  }
  for (const name of readdirSync(path).toSorted()) {
    if (!IGNORED.has(name)) yield* filesIn(join(path, name));
  }
}
