import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { inputHash } from '../canisters/input-hash.ts';
import { REPOSITORY } from '../canisters/layout.ts';
import { runStage } from '../lib/stage.ts';

const SOURCES = join(REPOSITORY, 'canisters', 'kit', 'bench');
const WORK = join(REPOSITORY, '.cache', 'bench');
const OVERRIDDEN = '@sinonjs';

export type BenchCanister = 'kit' | 'stock';

/**
 * The gzipped benchmark canister. `stock` is built in a folder whose packages are those of the
 * repository, but with the text codec that Azle itself asks for.
 */
export async function benchWasm(canister: BenchCanister): Promise<Uint8Array> {
  const folder = join(WORK, canister);
  const wasm = join(folder, `${canister}.wasm.gz`);
  const stamp = join(folder, 'stamp.txt');
  const inputs = hashOfInputs();
  if (existsSync(wasm) && existsSync(stamp) && readFileSync(stamp, 'utf8') === inputs) {
    return readFileSync(wasm);
  }
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const main = canister === 'kit' ? '../../../canisters/kit/bench/kit-canister.ts' : copyStock();
  await azleBuild({ folder, canister, main });
  writeFileSync(wasm, gzipSync(readFileSync(join(folder, '.azle', canister, `${canister}.wasm`))));
  writeFileSync(stamp, inputs);
  return readFileSync(wasm);
}

function hashOfInputs(): string {
  const hash = createHash('sha256').update(inputHash('kit'));
  for (const name of readdirSync(SOURCES).sort()) hash.update(readFileSync(join(SOURCES, name)));
  return hash.digest('hex');
}

/** Azle's bundler finds packages from where the source lies, so the source moves. */
function copyStock(): string {
  const folder = join(WORK, 'stock');
  for (const name of ['stock-canister.ts', 'record21.ts']) {
    copyFileSync(join(SOURCES, name), join(folder, name));
  }
  const packages = join(REPOSITORY, 'node_modules');
  const linked = join(folder, 'node_modules');
  mkdirSync(join(linked, OVERRIDDEN), { recursive: true });
  for (const name of readdirSync(packages)) {
    if (name !== OVERRIDDEN) symlinkSync(join(packages, name), join(linked, name));
  }
  symlinkSync(join(packages, 'stock-text-encoding'), join(linked, OVERRIDDEN, 'text-encoding'));
  return 'stock-canister.ts';
}

async function azleBuild(build: {
  readonly folder: string;
  readonly canister: BenchCanister;
  readonly main: string;
}): Promise<void> {
  const { folder, canister, main } = build;
  const dfxJson = { canisters: { [canister]: { type: 'custom', main } } };
  writeFileSync(join(folder, 'dfx.json'), JSON.stringify(dfxJson));
  const env = { CANISTER_CANDID_PATH: join(folder, `${canister}.did`), AZLE_DFX_ROOT: folder };
  const stage = await runStage(
    { name: `build ${canister}`, command: 'npx', args: ['azle', 'build', canister], env },
    'capture',
  );
  if (!stage.isOk) throw new Error(`azle could not build ${canister}\n${stage.output}`);
}
