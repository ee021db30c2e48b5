import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

export type CanisterIds = Readonly<Record<string, string>>;

function fileIn(stateDir: string): string {
  return join(stateDir, 'canister-ids.json');
}

/** Ids by canister name, as an earlier start left them. */
export function readCanisterIds(stateDir: string): CanisterIds {
  const file = fileIn(stateDir);
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as CanisterIds) : {};
}

/** Written after each canister is created, so that a start cut short leaves no orphan behind. */
export function writeCanisterIds(stateDir: string, ids: CanisterIds): void {
  const file = fileIn(stateDir);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(ids, undefined, 2)}\n`);
}

/** A network that begins anew has none of them. */
export function forgetCanisterIds(stateDir: string): void {
  rmSync(fileIn(stateDir), { force: true });
}
