import { rmSync } from 'node:fs';
import { join } from 'node:path';

/** Where the stand-in cloud and its machines are kept in a state directory. */
export const CLOUD_FOLDERS = { cloud: 'cloud', machines: 'machines' } as const;

/** Servers belong to the network that ordered them: without it they are nobody's. */
export function forgetLocalCloud(stateDir: string): void {
  for (const folder of Object.values(CLOUD_FOLDERS)) {
    rmSync(join(stateDir, folder), { recursive: true, force: true });
  }
}
