import { existsSync } from 'node:fs';
import process from 'node:process';
import rootPackage from '../package.json' with { type: 'json' };
import { runStage, verdictLine, type Stage, type StageResult } from './lib/stage.ts';

const PARALLEL_TOOLS = 2;
const CRUISED = [
  'canisters',
  'domain',
  'frontend',
  'localnet',
  'offchain-bridge',
  'scripts',
  '.ci',
];

function tool(name: string, command: string, ...args: string[]): Stage {
  return { name, command, args, env: { FORCE_COLOR: process.stdout.isTTY ? '1' : '0' } };
}

function typeChecks(): Stage[] {
  const workspaces = [...rootPackage.workspaces, 'canisters/text-codec'];
  // Those of the page are checked by svelte-check, together with what they import of components.
  const projects = ['.', ...workspaces].filter(
    (folder) => folder !== 'frontend' && existsSync(`${folder}/tsconfig.json`),
  );
  return [
    tool('types: pure code without host', 'tsc', '-p', 'tsconfig.pure.json'),
    ...projects.map((folder) => tool(`types: ${folder}`, 'tsc', '-p', folder)),
  ];
}

/** Slowest first, so that two at a time end together. */
function tools(): Stage[] {
  return [
    tool('lint', 'eslint', '.', '--max-warnings', '0'),
    tool('format', 'prettier', '--check', '--log-level', 'warn', '.'),
    tool('svelte', 'svelte-check', '--workspace', 'frontend', '--fail-on-warnings'),
    ...typeChecks(),
    tool('import directions', 'depcruise', '--config', '.dependency-cruiser.cjs', ...CRUISED),
    tool('unused code', 'knip', '--no-config-hints'),
  ];
}

/** Last, so that the end of a log has it. */
function report(failed: readonly StageResult[]): void {
  for (const { name, output } of failed) {
    process.stdout.write(`\n── ${name}\n${output.trimEnd()}\n`);
  }
  const names = failed.map(({ name }) => name).join(', ');
  process.stdout.write(`\n${failed.length} failed: ${names}\n`);
}

async function runAll(waiting: Stage[]): Promise<StageResult[]> {
  const results: StageResult[] = [];
  const worker = async (): Promise<void> => {
    for (let stage = waiting.shift(); stage !== undefined; stage = waiting.shift()) {
      const result = await runStage(stage, 'capture');
      process.stdout.write(`${verdictLine(result)}\n`);
      results.push(result);
    }
  };
  await Promise.all(Array.from({ length: PARALLEL_TOOLS }, worker));
  return results;
}

/** Code that calls canisters is checked against their Candid, as TypeScript. */
const declarations = tool('declarations', 'tsx', 'scripts/build-canisters.ts', '--declarations');

const results = [...(await runAll([declarations])), ...(await runAll(tools()))];
const failed = results.filter((result) => !result.isOk);
if (failed.length > 0) {
  report(failed);
  process.exitCode = 1;
}
