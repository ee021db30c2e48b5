import { buildIfStale } from '../lib/fresh.ts';
import { runStage, type Stage } from '../lib/stage.ts';
import { StartError } from './start-error.ts';

/** The built page. */
export const PAGE_FOLDER = 'frontend/dist';

const PAGE = {
  name: 'frontend',
  inputs: ['frontend', 'package-lock.json'],
  outputs: [`${PAGE_FOLDER}/index.html`],
};
const STAMPS = '.cache/build';

/** Builds canisters and page as far as their sources changed. */
export async function build(): Promise<void> {
  await run({ name: 'canisters', command: 'tsx', args: ['scripts/build-canisters.ts'] });
  const vite = { name: 'page', command: 'vite', args: ['build', 'frontend', '--logLevel', 'warn'] };
  await buildIfStale(PAGE, STAMPS, () => run(vite));
}

async function run(stage: Stage): Promise<void> {
  const result = await runStage(stage, 'show');
  if (!result.isOk) throw new StartError(`The ${stage.name} could not be built; see above.`);
}
