import process from 'node:process';

/** Where the parts of one machine are on this computer. */
export interface DemoPlaces {
  /** The machine's `/`. */
  readonly root: string;
  /** Shims, in one folder. */
  readonly bin: string;
  /** What is `/usr/machine` in an isolated machine. */
  readonly machine: string;
  readonly bootId: string;
  readonly ipv4: string;
}

const OWN_FOLDERS = ['etc', 'root', 'home', 'tmp', 'var', 'run', 'srv', 'opt', 'usr/local'];
/** What needs no quoting in any shell or unit file. */
const PLAIN_PATH = /^[A-Za-z0-9_./-]+$/;

type Replacement = readonly [from: string, to: string];

/** Throws a sentence for people if scripts could not name the folder without quotes. */
export function requirePlainPath(path: string): void {
  if (PLAIN_PATH.test(path)) return;
  throw new Error(
    `Without isolation machines need a folder of letters, digits, ".", "_" and "-" only: ${path}`,
  );
}

/**
 * Makes a script mean one machine's folder instead of the computer's own paths, and one machine's
 * address instead of every address. `withoutPaths` undoes it exactly.
 */
export function withPaths(script: string, places: DemoPlaces): string {
  return replaced(script, replacements(places));
}

export function withoutPaths(script: string, places: DemoPlaces): string {
  return replaced(
    script,
    replacements(places).map(([from, to]) => [to, from]),
  );
}

function replacements(places: DemoPlaces): Replacement[] {
  return [
    ['/proc/sys/kernel/random/boot_id', places.bootId],
    ['/usr/machine', places.machine],
    ['/usr/bin/node', process.execPath],
    ...OWN_FOLDERS.map((name): Replacement => [`/${name}`, `${places.root}/${name}`]),
    ['0.0.0.0', places.ipv4],
  ];
}

/** All at once: what was put in is not looked at again. A path counts where it begins, and whole. */
function replaced(script: string, pairs: readonly Replacement[]): string {
  const targets = new Map(pairs);
  const names = pairs.map(([from]) => from.replaceAll('.', String.raw`\.`)).join('|');
  const pattern = new RegExp(`(?<![\\w./$}*-])(?:${names})(?![\\w-])`, 'g');
  return script.replaceAll(pattern, (found) => targets.get(found) ?? found);
}
