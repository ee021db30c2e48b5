import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { runStage } from '../lib/stage.ts';
import { breakingChanges, declarationsOf, differences } from './contract.ts';
import { readContract, writeInto } from './contract.ts';
import { inputHash } from './input-hash.ts';
import { layoutOf, REPOSITORY, type CanisterLayout } from './layout.ts';
import { leanBuildStage } from './lean-build-stage.ts';
import { withPublicMetadata } from './metadata-section.ts';

/** The build is wrong, and the text says why. */
export class CanisterBuildError extends Error {
  override readonly name = 'CanisterBuildError';
}

export interface BuiltCanister {
  readonly name: string;
  readonly isFresh: boolean;
  readonly gzippedBytes: number;
}

/** Builds one canister, or finds that it was built from the same inputs already. */
export async function buildCanister(name: string): Promise<BuiltCanister> {
  const layout = layoutOf(name);
  const inputs = inputHash(name);
  const isFresh = !isBuiltFrom(layout, inputs);
  if (isFresh) await buildFrom(layout, inputs);
  return { name, isFresh, gzippedBytes: readFileSync(layout.output.gzippedWasm).length };
}

function isBuiltFrom({ output }: CanisterLayout, inputs: string): boolean {
  const { stamp, wasm, gzippedWasm, contract, declarations } = output;
  if (![stamp, wasm, gzippedWasm, contract, declarations].every(existsSync)) return false;
  const { inputs: before } = JSON.parse(readFileSync(stamp, 'utf8')) as { inputs?: unknown };
  return before === inputs;
}

async function buildFrom(layout: CanisterLayout, inputs: string): Promise<void> {
  const { name, output } = layout;
  const plainWasm = await compile(layout);
  await checkContract(layout);
  const contract = readFileSync(layout.contract);
  const wasm = withPublicMetadata(plainWasm, { name: 'candid:service', content: contract });
  if (!WebAssembly.validate(Uint8Array.from(wasm))) {
    throw new CanisterBuildError(`${name}: the built module is not valid Wasm`);
  }
  await writeInto(output.wasm, wasm);
  await writeInto(output.gzippedWasm, gzipSync(wasm, { level: 9 }));
  await writeDeclarations(name);
  await writeInto(output.stamp, `${JSON.stringify({ inputs }, undefined, 2)}\n`);
}

async function compile({ name, main, output }: CanisterLayout): Promise<Uint8Array> {
  const candidFile = output.generatedContract;
  const wasmFile = join(REPOSITORY, '.azle', name, `${name}.wasm`);
  const build = leanBuildStage({ name, root: REPOSITORY, main, candidFile, wasmFile });
  const stage = await runStage(build, 'capture');
  if (!stage.isOk) throw new CanisterBuildError(`${name}: azle failed\n${stage.output}`);
  return readFileSync(wasmFile);
}

/** The code does what the reviewed contract says, and clients of the last release go on working. */
async function checkContract(layout: CanisterLayout): Promise<void> {
  const { name, contract, releasedContract, output } = layout;
  const reviewed = await readContract(contract);
  const differing = differences(reviewed, await readContract(output.generatedContract));
  if (differing.length > 0) {
    const advice = `review and change canisters/${name}/${name}.did, or the code`;
    throw new CanisterBuildError(`${name}: ${advice}\n${differing.join('\n')}`);
  }
  if (!existsSync(releasedContract)) return;
  const breaking = breakingChanges(await readContract(releasedContract), reviewed);
  if (breaking.length > 0) {
    throw new CanisterBuildError(`${name}: breaks released clients\n${breaking.join('\n')}`);
  }
}

/** The contract and its TypeScript form, which need no build. */
export async function writeDeclarations(name: string): Promise<void> {
  const { contract, output } = layoutOf(name);
  await writeInto(output.contract, readFileSync(contract));
  await writeInto(output.declarations, await declarationsOf(contract));
}
