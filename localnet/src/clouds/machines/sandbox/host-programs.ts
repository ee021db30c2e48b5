import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import process from 'node:process';
import { errorCode } from '../files/file-error.ts';

/** Absolute paths of what isolation is made with. */
export interface HostPrograms {
  readonly bwrap: string;
  /** Of util-linux. */
  readonly nsenter: string;
}

/** Throws a sentence for people if one is missing. */
export function findHostPrograms(path = process.env['PATH'] ?? ''): HostPrograms {
  return { bwrap: find('bwrap', path), nsenter: find('nsenter', path) };
}

function find(name: string, path: string): string {
  const places = path.split(delimiter).map((folder) => join(folder, name));
  const found = places.find(isProgram);
  if (found === undefined) throw new Error(`the program ${name} is not installed`);
  return found;
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
    return false;
  }
}
