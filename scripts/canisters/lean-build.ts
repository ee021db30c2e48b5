import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { leanBundle } from './lean-bundle.ts';
import { REPOSITORY } from './layout.ts';

/** Steps of Azle's own build. It offers them only whole, as a command. */
interface AzleSteps {
  readonly compile: (main: string) => Promise<string>;
  readonly getCandidAndMethodMeta: (
    candidGen: undefined,
    candidPath: string,
    javaScript: string,
    ioType: 'pipe',
    wasmData: WasmData,
  ) => Promise<{ readonly candid: string; readonly methodMeta: MethodMeta }>;
  readonly getWasmBinary: (
    ioType: 'pipe',
    javaScript: string,
    wasmData: WasmData,
    methodMeta: MethodMeta,
  ) => Promise<Uint8Array>;
}

interface Numbered {
  readonly name: string;
  readonly index: number;
}
/** The entry points that Azle's build found. */
type MethodMeta = Readonly<Record<string, Numbered | readonly Numbered[] | undefined>>;

/** What the compiled part finds beside the code. The path shows in stack traces. */
interface WasmData {
  readonly envVars: readonly [string, string][];
  readonly mainJsPath: string;
}

const AZLE_BUILD = join(
  REPOSITORY,
  'node_modules',
  'azle',
  'src',
  'stable',
  'build',
  'commands',
  'build',
);
const WASM_DATA: WasmData = { envVars: [], mainJsPath: 'main.js' };

async function azleSteps(): Promise<AzleSteps> {
  const files = ['javascript.ts', 'candid_and_method_meta/index.ts', 'wasm_binary/index.ts'];
  const urls = files.map((file) => pathToFileURL(join(AZLE_BUILD, file)).href);
  const modules = await Promise.all(urls.map((url) => import(url) as Promise<object>));
  return Object.assign({}, ...modules) as AzleSteps;
}

/**
 * Builds one canister: the contract and the list of methods from Azle's bundle, run as Azle's build
 * runs it; the module with the lean bundle. Arguments: entry file, contract, module.
 */
async function main([
  entry = '',
  candidFile = '',
  wasmFile = '',
]: readonly string[]): Promise<void> {
  const azle = await azleSteps();
  const full = await azle.compile(entry);
  const args = [undefined, candidFile, full, 'pipe', WASM_DATA] as const;
  const { candid, methodMeta } = await azle.getCandidAndMethodMeta(...args);
  const names = Object.values(methodMeta)
    .flatMap((found) => found ?? [])
    .toSorted((one, other) => one.index - other.index)
    .map(({ name }) => name);
  const lean = await leanBundle(resolve(process.env['AZLE_DFX_ROOT'] ?? '', entry), names);
  const wasm = await azle.getWasmBinary('pipe', lean, WASM_DATA, methodMeta);
  for (const file of [candidFile, wasmFile]) mkdirSync(dirname(file), { recursive: true });
  writeFileSync(candidFile, candid);
  writeFileSync(wasmFile, wasm);
  writeFileSync(join(dirname(wasmFile), 'main.js'), lean);
}

await main(process.argv.slice(2));
