import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findChromium } from './chromium.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'chromium-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

function addProgram(name: string, mode: number): string {
  const path = join(folder, name);
  writeFileSync(path, '#!/bin/sh\n', { mode });
  return path;
}

describe('findChromium', () => {
  it('finds the first known program on PATH', () => {
    const program = addProgram('chromium', 0o755);
    expect(findChromium({ PATH: `/nowhere:${folder}` })).toBe(program);
  });

  it('prefers the one that CHROMIUM_PATH names', () => {
    addProgram('chromium', 0o755);
    const chosen = addProgram('my-browser', 0o755);
    expect(findChromium({ PATH: folder, CHROMIUM_PATH: chosen })).toBe(chosen);
  });

  it('finds nothing when the chosen one is missing, whatever PATH has', () => {
    addProgram('chromium', 0o755);
    expect(findChromium({ PATH: folder, CHROMIUM_PATH: '/nowhere' })).toBeUndefined();
  });

  it('passes over files that cannot be run', () => {
    addProgram('chromium', 0o644);
    expect(findChromium({ PATH: folder })).toBeUndefined();
  });
});
