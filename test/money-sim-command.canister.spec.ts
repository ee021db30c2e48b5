import { spawn } from 'node:child_process';
import { join } from 'node:path';
import process from 'node:process';
import { describe, expect, it } from 'vitest';
import { REPOSITORY } from '../scripts/canisters/layout.ts';

function simulate(...args: readonly string[]) {
  const script = join(REPOSITORY, 'scripts', 'sim-money.ts');
  const child = spawn(process.execPath, ['--import', 'tsx', script, ...args], { cwd: REPOSITORY });
  const texts = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => (texts.stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (texts.stderr += chunk.toString()));
  return new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve) => {
    child.once('close', (code) => {
      resolve({ code, ...texts });
    });
  });
}

describe('npm run sim:money', () => {
  it('ends with one line of JSON, the same for the same seeds on any number of processors', async () => {
    const alone = await simulate('--runs', '4', '--seed', '11', '--jobs', '1');
    const shared = await simulate('--runs', '4', '--seed', '11', '--jobs', '2');
    const [line = ''] = alone.stdout.trimEnd().split('\n').slice(-1);
    const sums = JSON.parse(line) as Record<string, number>;
    expect(sums).toMatchObject({ runs: 4, double: 0, lost: 0, insolvent: 0 });
    expect(sums).toHaveProperty('parked');
    expect(sums['exactlyOnce']).toBeGreaterThan(4);
    expect(shared).toMatchObject({ code: 0, stdout: alone.stdout });
  });

  it('tells the timeline of one seed to standard error', async () => {
    const { code, stdout, stderr } = await simulate('--runs', '1', '--seed', '11', '--verbose');
    expect(code).toBe(0);
    expect(stdout.trimEnd().split('\n')).toHaveLength(1);
    expect(stderr).toContain('rental 1 asks a quote');
  });

  it('refuses numbers that are none', async () => {
    const { code, stderr } = await simulate('--runs', 'many');
    expect(code).toBe(2);
    expect(stderr).toContain('--runs must be a whole number');
  });
});
