import process from 'node:process';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { runStage, type Stage } from './stage.ts';

const OUT_AND_ERR = "process.stdout.write('out\\n'); process.stderr.write('err\\n');";

function node(script: string): Stage {
  return { name: 'node', command: process.execPath, args: ['-e', script] };
}

describe('runStage', () => {
  afterEach(() => {
    vi.restoreAllMocks();
  });

  it('captures what is printed without showing it', async () => {
    const shown = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
    const { isOk, output } = await runStage(node(OUT_AND_ERR), 'capture');
    expect(isOk).toBe(true);
    expect(output.split('\n').toSorted()).toEqual(['', 'err', 'out']);
    expect(shown).not.toHaveBeenCalled();
  });

  it('shows and keeps both streams, and fails by the exit code', async () => {
    const out = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
    const err = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    const { isOk, output } = await runStage(node(`${OUT_AND_ERR} process.exitCode = 3;`), 'both');
    expect(isOk).toBe(false);
    expect(output.split('\n').toSorted()).toEqual(['', 'err', 'out']);
    expect(out.mock.calls.map(([text]) => String(text)).join('')).toBe('out\n');
    expect(err.mock.calls.map(([text]) => String(text)).join('')).toBe('err\n');
  });

  it('ends although a process that was left behind holds its output open', async () => {
    const child = 'setTimeout(() => undefined, 600000)';
    const options = "{ stdio: 'inherit', detached: true }";
    const script =
      `const { spawn } = require('node:child_process');` +
      `const left = spawn(process.execPath, ['-e', '${child}'], ${options});` +
      `left.unref(); process.stdout.write(String(left.pid));`;
    const { isOk, output } = await runStage(node(script), 'capture');
    process.kill(Number(output), 'SIGKILL');
    expect(isOk).toBe(true);
  });

  it('says which command is not there', async () => {
    const stage = { name: 'none', command: 'no-such-command', args: [] };
    const { isOk, output } = await runStage(stage, 'capture');
    expect(isOk).toBe(false);
    expect(output).toContain('no-such-command');
  });
});
