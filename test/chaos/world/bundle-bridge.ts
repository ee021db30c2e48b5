import { copyFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { REPOSITORY } from '../../../scripts/canisters/layout.ts';

const BRIDGE = join(REPOSITORY, 'offchain-bridge');

/** The same as offchain-bridge/bin/offchain-bridge.mjs, whose loader is not needed then. */
const PROGRAM = `
import process from 'node:process';
import { main } from './src/main.ts';
process.exitCode = await main(process.argv.slice(2), process.env);
`;

/**
 * Puts the bridge's own code into one file, so that a process of it starts in half the time: dozens are
 * killed and started. Gives the program.
 */
export async function bundleBridge(folder: string): Promise<string> {
  const outfile = join(folder, 'src', 'bridge.mjs');
  await build({
    stdin: { contents: PROGRAM, resolveDir: BRIDGE },
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    plugins: [
      {
        name: 'libraries-stay-outside',
        setup: (building) => {
          building.onResolve({ filter: /^[^./]/ }, ({ path }) =>
            path.startsWith('@decent-cloud/') ? undefined : { path, external: true },
          );
        },
      },
    ],
  });
  // It reads its version there.
  copyFileSync(join(BRIDGE, 'package.json'), join(folder, 'package.json'));
  symlinkSync(join(REPOSITORY, 'node_modules'), join(folder, 'node_modules'));
  return outfile;
}
