import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { build, type Metafile } from 'esbuild';
import { entryPointsByClass } from './canister-classes.ts';
import { REPOSITORY } from './layout.ts';
import { lazyModule } from './lazy-module.ts';
import { startLazily } from './lazy-start.ts';
import { entryText } from './lean-entry.ts';

const KIT = join(REPOSITORY, 'canisters', 'kit', 'src');
/** Azle's library and the Candid library are most of a small canister's code, and little used. */
const STAND_INS = {
  azle: join(KIT, 'lean', 'azle.ts'),
  '@dfinity/candid': join(KIT, 'lean', 'candid.ts'),
};
/** What esbuild calls a file that it was given as text. */
const ENTRY = '<stdin>';

/**
 * The JavaScript of a canister. Reading code is what a start costs most for, so each source file is
 * there as text and read when something of it is first used. `entryPoints` are the names of the
 * canister's methods, by the numbers that Azle gave them.
 */
export async function leanBundle(
  mainFile: string,
  entryPoints: readonly string[],
): Promise<string> {
  const sketch = entryText({ mainFile, kit: KIT, classes: [] });
  const { inputs } = await graphOf(sketch);
  const importsOf = (file: string) => inputs[file]?.imports ?? [];
  const resolve = (file: string, specifier: string): string => {
    const path = importsOf(file).find(({ original }) => original === specifier)?.path;
    if (path === undefined) throw new Error(`${file}: where is ${specifier}?`);
    return path;
  };
  const read = (file: string) => readFileSync(join(REPOSITORY, file), 'utf8');
  const main = relative(REPOSITORY, mainFile);
  const classes = entryPointsByClass(main, { read, resolve });
  if (classes.flat().join() !== entryPoints.join()) {
    throw new Error(`methods are ${classes.flat().join()} and not ${entryPoints.join()}`);
  }
  const entry = entryText({ mainFile, kit: KIT, classes: classes.map((names) => names.length) });
  const files = [ENTRY, ...Object.keys(inputs).filter((file) => file !== ENTRY)];
  const modules = files.map((file) =>
    lazyModule({
      name: file === ENTRY ? 'entry.ts' : file,
      text: file === ENTRY ? entry : read(file),
      isMain: file === main,
      numberOf: (specifier) => files.indexOf(resolve(file, specifier)),
    }),
  );
  return startLazily(await Promise.all(modules));
}

/** Which files there are and what their imports mean. */
async function graphOf(entry: string): Promise<Metafile> {
  const { metafile } = await build({
    absWorkingDir: REPOSITORY,
    stdin: { contents: entry, resolveDir: REPOSITORY, loader: 'ts' },
    format: 'esm',
    bundle: true,
    write: false,
    metafile: true,
    logLevel: 'silent',
    alias: STAND_INS,
  });
  return metafile;
}
