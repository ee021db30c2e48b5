import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { runStage } from '../lib/stage.ts';
import { filesIn, inputHash } from './input-hash.ts';

export interface AzleBuild {
  readonly name: string;
  /** Where Azle works; its `dfx.json` is written here. */
  readonly folder: string;
  /** The entry file, relative to `folder`. */
  readonly main: string;
}

/** Compiles one canister that no `dfx.json` of the repository names, and gives its plain Wasm. */
async function azleBuild({ name, folder, main }: AzleBuild): Promise<Uint8Array> {
  mkdirSync(folder, { recursive: true });
  const dfxJson = { canisters: { [name]: { type: 'custom', main } } };
  writeFileSync(join(folder, 'dfx.json'), JSON.stringify(dfxJson));
  const env = { CANISTER_CANDID_PATH: join(folder, `${name}.did`), AZLE_DFX_ROOT: folder };
  const stage = await runStage(
    { name: `azle build ${name}`, command: 'npx', args: ['azle', 'build', name], env },
    'capture',
  );
  if (!stage.isOk) throw new Error(`azle could not build ${name}\n${stage.output}`);
  return readFileSync(join(folder, '.azle', name, `${name}.wasm`));
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
