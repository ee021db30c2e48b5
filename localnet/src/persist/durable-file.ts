import { closeSync, fsyncSync, ftruncateSync, openSync, renameSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Writes a whole file so that after any crash it is there completely or not at all.
 * The folder entry is flushed too.
 */
export function writeDurably(path: string, content: readonly Uint8Array[], mode = 0o644): void {
  const draft = `${path}.tmp`;
  const fd = openSync(draft, 'w', mode);
  try {
    for (const part of content) writeFully(fd, part);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
  renameSync(draft, path);
  syncFolder(dirname(path));
}

/** Appends at `offset`, the file's end. If that fails midway, nothing of it stays in the file. */
export function appendWhole(fd: number, bytes: Uint8Array, offset: number): void {
  try {
    writeFully(fd, bytes);
  } catch (error) {
    ftruncateSync(fd, offset);
    throw error;
  }
}

/** Flushes a folder's list of names, without which a new file may be lost with the power. */
export function syncFolder(path: string): void {
  const fd = openSync(path, 'r');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

/** One `write` call may take less than it was given. */
function writeFully(fd: number, bytes: Uint8Array): void {
  for (let written = 0; written < bytes.length;) {
    written += writeSync(fd, bytes, written);
  }
}
