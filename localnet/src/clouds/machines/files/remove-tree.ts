import { chmod, lstat, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode, isMissing } from './file-error.ts';

const RETRIES = 3;

/** Removes a folder with all in it, also folders in which programs have forbidden themselves to write. */
export async function removeTree(folder: string): Promise<void> {
  try {
    await rm(folder, { recursive: true, force: true, maxRetries: RETRIES });
  } catch (error) {
    if (!['EACCES', 'EPERM', 'ENOTEMPTY'].includes(errorCode(error) ?? '')) throw error;
    await openFolders(folder);
    await rm(folder, { recursive: true, force: true, maxRetries: RETRIES });
  }
}

async function openFolders(folder: string): Promise<void> {
  try {
    if (!(await lstat(folder)).isDirectory()) return;
    await chmod(folder, 0o700);
    for (const entry of await readdir(folder, { withFileTypes: true })) {
      if (entry.isDirectory()) await openFolders(join(folder, entry.name));
    }
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
}
