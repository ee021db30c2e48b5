import { copyFileSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cachedAzleBuild } from '../canisters/azle-build.ts';
import { REPOSITORY } from '../canisters/layout.ts';
import { wideCanisterSource } from './wide-canister-source.ts';

const SOURCES = join(REPOSITORY, 'canisters', 'kit', 'bench');
const WORK = join(REPOSITORY, '.cache', 'bench');
const STOCK = 'stock-canister.ts';
const WIDE = 'wide-canister.ts';
const OVERRIDDEN = '@sinonjs';

export type BenchCanister = 'kit' | 'stock' | 'wide';

/**
 * The gzipped benchmark canister. `stock` is built in a folder whose packages are those of the
 * repository, but with the text codec that Azle itself asks for.
 */
export function benchWasm(name: BenchCanister): Promise<Uint8Array> {
  const folder = join(WORK, name);
  const build = { name, folder, sources: SOURCES };
  switch (name) {
    case 'kit':
      return cachedAzleBuild({ ...build, main: '../../../canisters/kit/bench/kit-canister.ts' });
    case 'wide':
      return cachedAzleBuild({ ...build, main: WIDE, prepare: () => writeWide(folder) });
    case 'stock':
      return cachedAzleBuild({
        ...build,
        main: STOCK,
        isStock: true,
        prepare: () => fillStock(folder),
      });
  }
}

function writeWide(folder: string): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, WIDE), wideCanisterSource());
}

/** Azle's bundler finds packages from where the source lies, so the source moves. */
function fillStock(folder: string): void {
  for (const name of [STOCK, 'record21.ts']) {
    copyFileSync(join(SOURCES, name), join(folder, name));
  }
  const packages = join(REPOSITORY, 'node_modules');
  const linked = join(folder, 'node_modules');
  mkdirSync(join(linked, OVERRIDDEN), { recursive: true });
  for (const name of readdirSync(packages)) {
    if (name !== OVERRIDDEN) symlinkSync(join(packages, name), join(linked, name));
  }
  symlinkSync(join(packages, 'stock-text-encoding'), join(linked, OVERRIDDEN, 'text-encoding'));
}
