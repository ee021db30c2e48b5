import { spawn } from 'node:child_process';
import { join } from 'node:path';
import process from 'node:process';
import { describe, expect, it } from 'vitest';
import { REPOSITORY } from '../scripts/canisters/layout.ts';

function simulate(...args: readonly string[]) {
  const script = join(REPOSITORY, 'scripts', 'sim-chaos.ts');
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

describe('npm run sim:chaos', () => {
  it('refuses numbers that are none', async () => {
    const { code, stdout, stderr } = await simulate('--bridges', 'many');
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('--bridges must be a whole number');
  });
});
