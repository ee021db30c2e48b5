import type { MachineSpec } from '../market/catalogue.ts';
import type { RecipeVersion } from './recipe.ts';

/** Why a version does not run on a machine, as the end of a sentence; undefined if it does. */
export function machineMisfit(
  { minMachine, images }: Pick<RecipeVersion, 'minMachine' | 'images'>,
  machine: Pick<MachineSpec, 'arch' | 'cores' | 'memoryMb' | 'diskGb' | 'image'>,
): string | undefined {
  const { archs, cores, memoryMb, diskGb } = minMachine;
  if (machine.cores < cores) return `it needs ${cores} cores, and this has ${machine.cores}`;
  if (machine.memoryMb < memoryMb) {
    return `it needs ${memoryMb} MB of memory, and this has ${machine.memoryMb} MB`;
  }
  if (machine.diskGb < diskGb) {
    return `it needs ${diskGb} GB of disk, and this has ${machine.diskGb} GB`;
  }
  if (archs.length > 0 && !archs.includes(machine.arch)) {
    return `it runs on ${archs.join(' and ')}, and this is ${machine.arch}`;
  }
  if (images.length > 0 && !images.includes(machine.image)) {
    return `it runs on ${images.join(', ')}, and this is ${machine.image}`;
  }
  return undefined;
}
