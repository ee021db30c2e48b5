import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { buildIfStale, type BuildStep } from './fresh.ts';

let folder: string;
let step: BuildStep;
let runCount: number;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fresh-'));
  step = { name: 'page', inputs: [join(folder, 'in')], outputs: [join(folder, 'out')] };
  runCount = 0;
  writeFileSync(join(folder, 'in'), 'one');
});

afterEach(() => rmSync(folder, { recursive: true }));

function build(): Promise<boolean> {
  return buildIfStale(step, join(folder, 'stamps'), () => {
    runCount += 1;
    writeFileSync(join(folder, 'out'), 'made');
    return Promise.resolve();
  });
}

describe('buildIfStale', () => {
  it('builds once while nothing changes', async () => {
    expect([await build(), await build(), runCount]).toEqual([true, false, 1]);
  });

  it('builds again when an input changes', async () => {
    await build();
    writeFileSync(join(folder, 'in'), 'two');
    expect(await build()).toBe(true);
  });

  it('builds again when an output is gone', async () => {
    await build();
    rmSync(join(folder, 'out'));
    expect(await build()).toBe(true);
  });

  it('builds again after a build that failed', async () => {
    const failing = buildIfStale(step, join(folder, 'stamps'), () =>
      Promise.reject(new Error('no')),
    );
    await expect(failing).rejects.toThrow('no');
    expect(await build()).toBe(true);
  });
});
