import { fileURLToPath } from 'node:url';
import type { Stage } from '../lib/stage.ts';

export interface LeanBuild {
  readonly name: string;
  /** Absolute. */
  readonly root: string;
  /** The entry file, relative to `root`. */
  readonly main: string;
  /** What the build writes, absolute. */
  readonly candidFile: string;
  readonly wasmFile: string;
}

/** Azle's build in a process of its own, because its sources run under `tsx` alone. */
export function leanBuildStage({ name, root, main, candidFile, wasmFile }: LeanBuild): Stage {
  const script = fileURLToPath(import.meta.resolve('./lean-build.ts'));
  return {
    name: `azle build ${name}`,
    command: 'npx',
    args: ['tsx', script, main, candidFile, wasmFile],
    env: { AZLE_DFX_ROOT: root },
  };
}
