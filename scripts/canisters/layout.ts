import { join } from 'node:path';

/** The canisters that are built from source here, in the order in which they are deployed. */
export const CANISTERS = ['rental', 'treasury', 'token-value', 'archive'] as const;
export type CanisterName = (typeof CANISTERS)[number];

export const REPOSITORY = join(import.meta.dirname, '..', '..');

/** Where things of one canister are, as absolute paths. */
export interface CanisterLayout {
  readonly name: string;
  /** The entry file, from the repository. */
  readonly main: string;
  /** The reviewed contract. */
  readonly contract: string;
  /** The contract of the last release; missing until there was one. */
  readonly releasedContract: string;
  /** What the build writes. */
  readonly output: CanisterOutput;
}

export interface CanisterOutput {
  readonly folder: string;
  readonly wasm: string;
  readonly gzippedWasm: string;
  readonly contract: string;
  readonly generatedContract: string;
  readonly declarations: string;
  /** Says from which inputs all this was made. */
  readonly stamp: string;
}

export function layoutOf(name: string): CanisterLayout {
  const source = join(REPOSITORY, 'canisters', name);
  const folder = join(REPOSITORY, 'dist', 'canisters', name);
  return {
    name,
    main: join('canisters', name, 'src', 'index.ts'),
    contract: join(source, `${name}.did`),
    releasedContract: join(source, 'release', `${name}.did`),
    output: {
      folder,
      wasm: join(folder, `${name}.wasm`),
      gzippedWasm: join(folder, `${name}.wasm.gz`),
      contract: join(folder, `${name}.did`),
      generatedContract: join(folder, `${name}.generated.did`),
      declarations: join(folder, 'declarations', `${name}.did.ts`),
      stamp: join(folder, 'build.json'),
    },
  };
}
