import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { runStage, type Stage } from '../lib/stage.ts';
import { filesIn, inputHash } from './input-hash.ts';
import { leanBuildStage } from './lean-build-stage.ts';

export interface AzleBuild {
  readonly name: string;
  /** Where Azle works; its `dfx.json` is written here. */
  readonly folder: string;
  /** The entry file, relative to `folder`. */
  readonly main: string;
  /** By Azle's own command alone, to compare with. */
  readonly isStock?: boolean;
}

/** Compiles one canister that no `dfx.json` of the repository names, and gives its plain Wasm. */
async function azleBuild({ name, folder, main, isStock = false }: AzleBuild): Promise<Uint8Array> {
  mkdirSync(folder, { recursive: true });
  const wasmFile = join(folder, '.azle', name, `${name}.wasm`);
  const candidFile = join(folder, `${name}.did`);
  const stage = isStock
    ? stockStage({ name, folder, main }, candidFile)
    : leanBuildStage({ name, root: folder, main, candidFile, wasmFile });
  const result = await runStage(stage, 'capture');
  if (!result.isOk) throw new Error(`azle could not build ${name}\n${result.output}`);
  return readFileSync(wasmFile);
}

function stockStage({ name, folder, main }: AzleBuild, candidFile: string): Stage {
  const dfxJson = { canisters: { [name]: { type: 'custom', main } } };
  writeFileSync(join(folder, 'dfx.json'), JSON.stringify(dfxJson));
  const env = { CANISTER_CANDID_PATH: candidFile, AZLE_DFX_ROOT: folder };
  return { name: `azle build ${name}`, command: 'npx', args: ['azle', 'build', name], env };
}

/** Gzipped Wasm for tests and benchmarks, built anew only if the kit or its own sources changed. */
export async function cachedAzleBuild(
  build: AzleBuild & { readonly sources: string; readonly prepare?: () => void },
): Promise<Uint8Array> {
  const { name, folder, sources, prepare } = build;
  const wasmFile = join(folder, `${name}.wasm.gz`);
  const stampFile = join(folder, 'stamp.txt');
  const hash = createHash('sha256').update(inputHash('kit'));
  for (const file of filesIn(sources)) hash.update(readFileSync(file));
  const stamp = hash.digest('hex');
  const isFresh = existsSync(wasmFile) && existsSync(stampFile);
  if (isFresh && readFileSync(stampFile, 'utf8') === stamp) return readFileSync(wasmFile);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(dirname(wasmFile), { recursive: true });
  prepare?.();
  writeFileSync(wasmFile, gzipSync(await azleBuild(build)));
  writeFileSync(stampFile, stamp);
  return readFileSync(wasmFile);
}
