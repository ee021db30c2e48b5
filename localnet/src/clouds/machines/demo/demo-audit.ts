import { lstat, readdir, readFile, realpath, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isMissing } from '../files/file-error.ts';
import { isBuiltIn } from './demo-hash.ts';
import { type DemoPlaces, withoutPaths, withPaths } from './demo-paths.ts';

const EXECUTABLE = 0o111;
const SCRIPT_BYTES_MAX = 1024 * 1024;
/** What a script reads its values from: assignments of quoted text, which run nothing. */
const VALUES_FILE = 'inputs';
const ASSIGNMENTS = /^(?:[A-Za-z_]\w*=(?:'[^'\0]*'|\\')*\n)*$/;

/** The refusal of everything that is not built in. */
export class NotBuiltIn extends Error {
  constructor(what: string) {
    super(
      `Refused: ${what} is not one of the built-in demo scripts. Programs cannot be isolated on this ` +
        'computer, and without isolation nothing else is run. Install bubblewrap and start again.',
    );
  }
}

/** Answers with the script as it may run for one machine; throws `NotBuiltIn`. */
export function admitted(
  text: string,
  what: string,
  places: DemoPlaces,
  demoScripts: ReadonlySet<string>,
): string {
  if (isBuiltIn(text, demoScripts)) return withPaths(text, places);
  const original = withoutPaths(text, places);
  const isOurs = isBuiltIn(original, demoScripts) && withPaths(original, places) === text;
  if (isOurs) return text;
  throw new NotBuiltIn(what);
}

/**
 * Looks at everything in a machine that a built-in script could run or read commands from: programs are
 * built in, too, and are put to use for this machine; files of values hold values only.
 */
export async function auditMachine(
  places: DemoPlaces,
  demoScripts: ReadonlySet<string>,
): Promise<void> {
  for (const path of await filesIn(places.root, places.root)) {
    const name = path.slice(places.root.length);
    if (path.endsWith(`/${VALUES_FILE}`)) {
      if (!ASSIGNMENTS.test(await readFile(path, 'utf8'))) throw new NotBuiltIn(name);
      continue;
    }
    const { mode, size } = await lstat(path);
    if ((mode & EXECUTABLE) === 0) continue;
    if (size > SCRIPT_BYTES_MAX) throw new NotBuiltIn(name);
    const text = await readFile(path, 'utf8');
    const usable = admitted(text, name, places, demoScripts);
    if (usable !== text) await writeFile(path, usable);
  }
}

/** Plain files of a folder and the folders in it. Links may stay inside the machine. */
async function filesIn(folder: string, root: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(emptyIfMissing);
  const found: string[] = [];
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isSymbolicLink() && (await leadsOut(path, root))) {
      throw new NotBuiltIn(path.slice(root.length));
    }
    if (entry.isFile()) found.push(path);
    if (entry.isDirectory()) found.push(...(await filesIn(path, root)));
  }
  return found;
}

async function leadsOut(link: string, root: string): Promise<boolean> {
  try {
    return !(await realpath(link)).startsWith(`${await realpath(root)}/`);
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}

function emptyIfMissing(error: unknown): [] {
  if (isMissing(error)) return [];
  throw error;
}
