import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url));
let running: ChildProcessWithoutNullStreams | undefined;

function start(port: string): ChildProcessWithoutNullStreams {
  const env = { ...process.env, BRIDGE_PORT: port };
  running = spawn(process.execPath, ['--import', 'tsx', MAIN], { env });
  return running;
}

async function firstLine(child: ChildProcessWithoutNullStreams): Promise<string> {
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
  return line;
}

afterEach(() => running?.kill('SIGKILL'));

describe('bridge process', () => {
  it('prints where it listens, answers there and ends on SIGTERM', async () => {
    const child = start('0');
    const url = (await firstLine(child)).replace('bridge: ', '');
    expect(await (await fetch(`${url}/healthz`)).text()).toBe('ok');

    child.kill('SIGTERM');
    const [code] = (await once(child, 'exit')) as [number | null];
    expect(code).toBe(0);
  });

  it('ends with a clear message when its port is taken', async () => {
    const url = new URL((await firstLine(start('0'))).replace('bridge: ', ''));
    const first = running;
    const second = start(url.port);
    const [error] = (await once(second.stderr.setEncoding('utf8'), 'data')) as [string];
    const [code] = (await once(second, 'exit')) as [number | null];
    first?.kill('SIGKILL');
    expect(error).toContain('EADDRINUSE');
    expect(code).toBe(1);
  });
});
