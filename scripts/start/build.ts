import process from 'node:process';
import { CANISTERS } from '../canisters/layout.ts';
import { buildIfStale } from '../lib/fresh.ts';
import { runStage, type Stage } from '../lib/stage.ts';
import { StartError } from './start-error.ts';

/** The built page. */
export const PAGE_FOLDER = 'frontend/dist';

const PAGE = {
  name: 'frontend',
  inputs: [
    'frontend',
    'domain/src',
    'package-lock.json',
    ...CANISTERS.map((name) => `dist/canisters/${name}/declarations`),
  ],
  outputs: [`${PAGE_FOLDER}/index.html`],
};
const STAMPS = '.cache/build';

/** Builds canisters and page as far as their sources changed. */
export async function build(): Promise<void> {
  await run({ name: 'canisters', command: 'tsx', args: ['scripts/build-canisters.ts'] }, 'show');
  const vite = { name: 'page', command: 'vite', args: ['build'], cwd: 'frontend' };
  await buildIfStale(PAGE, STAMPS, () => run(vite, 'capture'));
}

async function run(stage: Stage, mode: 'show' | 'capture'): Promise<void> {
  const { isOk, output } = await runStage(stage, mode);
  if (isOk) return;
  process.stderr.write(output);
  throw new StartError(`The ${stage.name} could not be built; see above.`);
}
