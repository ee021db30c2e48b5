import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { REPOSITORY } from './layout.ts';

/** Everything that the code of every canister is made from. */
const SHARED_INPUTS = [
  'canisters/kit/src',
  'canisters/text-codec',
  'domain/src',
  'dfx.json',
  'package-lock.json',
  'scripts/build-canisters.ts',
  'scripts/canisters',
];
const NOT_BUILT = /\.spec\.ts$|\/testing\/|\/node_modules\//;

/** SHA-256 over the names and contents of everything that goes into a canister's build. */
export function inputHash(canister: string): string {
  const hash = createHash('sha256');
  const inputs = [...SHARED_INPUTS, `canisters/${canister}`];
  for (const file of inputs.flatMap((input) => filesIn(join(REPOSITORY, input)))) {
    const content = readFileSync(file);
    hash.update(`${relative(REPOSITORY, file)}\0${content.length}\0`).update(content);
  }
  return hash.digest('hex');
}

/** All files under a path that can go into a build, in a fixed order. */
export function filesIn(path: string): string[] {
  return NOT_BUILT.test(path) ? [] : allFilesIn(path).filter((file) => !NOT_BUILT.test(file));
}

function allFilesIn(path: string): string[] {
  if (!statSync(path).isDirectory()) return [path];
  const names = readdirSync(path).sort();
  return names.flatMap((name) => allFilesIn(join(path, name)));
}
