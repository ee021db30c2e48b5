import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { functionLengths } from './tidy/function-lengths.ts';
import { filesEnding, ROOT, type SourceFile } from './tidy/source-files.ts';

const LINES_MAX = 300;
const SVELTE_LINES_MAX = 200;
const SPEC_LINES_MAX = 500;
const FUNCTION_LINES_MAX = 70;
const README_LINES_MAX = 30;

/** One suffix names one layer; a new one is a decision, made here. */
const LAYERS = new Set([
  'adapter',
  'api',
  'arbitrary',
  'bench',
  'canister',
  'config',
  'conformance',
  'd',
  'endpoints',
  'fake',
  'flow',
  'http',
  'mapper',
  'methods',
  'plugin',
  'port',
  'provider',
  'route',
  'runtime',
  'scenario',
  'schema',
  'service',
  'simulator',
  'stable-store',
  'state',
  'svelte',
  'task',
  'timers',
  'transitions',
  'worker',
]);
const TEST_LAYERS = new Set([...LAYERS, 'e2e', 'sim']);

/** `rental.upgrade-v0-1-0.canister.spec.ts` starts from a released Wasm. */
const RELEASE_SUFFIX = /^upgrade-v\d+-\d+-\d+$/;

/** SvelteKit finds routes by these names. */
const ROUTE_FILE = /^frontend\/src\/routes\/.*\+(page|layout|error)\.(svelte|ts)$/;

const KEBAB_CASE = /^[a-z0-9]+(-[a-z0-9]+)*$/;

/** Folders that a newcomer enters first. */
const README_FOLDERS = [
  '.ci',
  'canisters',
  'canisters/kit',
  'canisters/text-codec',
  'docs/adr',
  'domain',
  'frontend',
  'localnet',
  'localnet/src/core',
  'offchain-bridge',
  'scripts',
  'test',
];

/** The only files that may re-export or stand for their folder: a tool demands them. */
const INDEX_FILES = /^canisters\/[^/]+\/src\/index\.ts$/;
const DEFAULT_EXPORTS = [INDEX_FILES, /(^|\/)[^/]+\.config\.(ts|js|mjs)$/, /\.d\.ts$/];

const sources = filesEnding('.ts', '.mjs', '.cjs', '.js', '.svelte');
const specs = sources.filter(isSpec);
const production = sources.filter((file) => !isSpec(file));

function isSpec(file: SourceFile): boolean {
  return file.name.endsWith('.spec.ts');
}

/** Fixtures and tables of cases. */
function isInTestFolder(file: SourceFile): boolean {
  return /(^|\/)test\//.test(file.path);
}

function linesMax(file: SourceFile): number {
  if (isSpec(file) || isInTestFolder(file)) return SPEC_LINES_MAX;
  return file.name.endsWith('.svelte') ? SVELTE_LINES_MAX : LINES_MAX;
}

function pathsOf(files: readonly SourceFile[]): string[] {
  return files.map((file) => file.path);
}

function pathsWith(pattern: RegExp, files: readonly SourceFile[]): string[] {
  return pathsOf(files.filter((file) => pattern.test(file.text)));
}

function hasKnownName(file: SourceFile): boolean {
  if (ROUTE_FILE.test(file.path)) return true;
  if (file.name.endsWith('.svelte')) return /^[A-Z][A-Za-z0-9]*\.svelte$/.test(file.name);
  const [stem = '', ...suffixes] = file.name.replace(/^\./, '').split('.').slice(0, -1);
  if (file.path.includes('/test/fixtures/')) return KEBAB_CASE.test(stem);
  const layers = isSpec(file) ? suffixes.slice(0, -1) : suffixes;
  const known = isSpec(file) ? TEST_LAYERS : LAYERS;
  return (
    KEBAB_CASE.test(stem) && layers.every((word) => known.has(word) || RELEASE_SUFFIX.test(word))
  );
}

describe('source files', () => {
  it('are found', () => {
    expect(production.length).toBeGreaterThan(20);
    expect(specs.length).toBeGreaterThan(5);
  });

  it(`have at most ${LINES_MAX} lines, tests ${SPEC_LINES_MAX}, components ${SVELTE_LINES_MAX}`, () => {
    const tooLong = sources.filter((file) => file.lineCount > linesMax(file));
    expect(tooLong.map((file) => `${file.path}: ${file.lineCount}`)).toEqual([]);
  });

  it(`have functions of at most ${FUNCTION_LINES_MAX} lines`, () => {
    const tooLong = production
      .filter((file) => file.name.endsWith('.ts') && !isInTestFolder(file))
      .flatMap((file) =>
        functionLengths(file.text)
          .filter((found) => found.lineCount > FUNCTION_LINES_MAX)
          .map((found) => `${file.path}:${found.firstLine} ${found.name}: ${found.lineCount}`),
      );
    expect(tooLong).toEqual([]);
  });

  it('have kebab-case names whose suffix is a known layer', () => {
    expect(pathsOf(sources.filter((file) => !hasKnownName(file)))).toEqual([]);
  });

  it('are no barrels and export nothing by default, where no tool demands it', () => {
    const barrels = production.filter(
      (file) => /^index\.(ts|js)$/.test(file.name) && !INDEX_FILES.test(file.path),
    );
    const defaults = production.filter(
      (file) =>
        /^export default /m.test(file.text) && !DEFAULT_EXPORTS.some((one) => one.test(file.path)),
    );
    expect(pathsOf([...barrels, ...defaults])).toEqual([]);
  });

  it('switch no check off', () => {
    expect(pathsWith(/eslint-disable|@ts-(ignore|nocheck|expect-error)/, linted())).toEqual([]);
  });
});

/** This file and the lint configuration name what they forbid. */
function linted(): SourceFile[] {
  return sources.filter((file) => !/^\.ci\/|^eslint\.config/.test(file.path));
}

describe('specs', () => {
  it('are neither singled out nor skipped', () => {
    const pattern = /\b(it|test|describe)\.(only|skip|todo|fails|skipIf|runIf)\b/;
    expect(pathsWith(pattern, linted())).toEqual([]);
  });

  it('are not retried', () => {
    expect(pathsWith(/\bretry:\s*[1-9]/, sources)).toEqual([]);
  });
});

describe('README', () => {
  it.each(README_FOLDERS)(`is in %s and has at most ${README_LINES_MAX} lines`, (folder) => {
    expect(existsSync(join(ROOT, folder, 'README.md'))).toBe(true);
  });

  it(`has at most ${README_LINES_MAX} lines in every folder`, () => {
    const tooLong = filesEnding('/README.md').filter(
      (file) => file.path !== 'README.md' && file.lineCount > README_LINES_MAX,
    );
    expect(tooLong.map((file) => `${file.path}: ${file.lineCount}`)).toEqual([]);
  });
});

describe('the repository', () => {
  it('names no package registry', () => {
    const texts = [...sources, ...filesEnding('.json', '.md', '.yaml', '.yml', '.npmrc', '/run')];
    expect(pathsWith(/registry\.[a-z]+\.[a-z]+|"resolved": "https?:/, texts)).toEqual([]);
  });
});
