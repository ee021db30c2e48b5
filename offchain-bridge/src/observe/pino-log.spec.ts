import { describe, expect, it } from 'vitest';
import { createPinoLog } from './pino-log.ts';

function lines(): { readonly written: string[]; write(line: string): void } {
  const written: string[] = [];
  return { written, write: (line) => void written.push(line) };
}

describe('createPinoLog', () => {
  it('writes one JSON line with its fields and those of its parents', () => {
    const out = lines();
    createPinoLog('info', out).child({ job: 7 }).info({ rental: 3 }, 'ready');
    expect(out.written).toHaveLength(1);
    expect(JSON.parse(out.written[0] ?? '')).toMatchObject({ job: 7, rental: 3, msg: 'ready' });
  });

  it('never prints a secret, wherever it stands', () => {
    const out = lines();
    const key = `AGE-SECRET-KEY-1${'Q'.repeat(58)}`;
    const log = createPinoLog('info', out).child({ token: 'abc' });
    log.error({ error: `cannot open ${key}` }, `tried ${key}`);
    expect(out.written.join('')).not.toContain('QQQ');
    expect(out.written.join('')).not.toContain('abc');
  });

  it('leaves out what is below its level', () => {
    const out = lines();
    createPinoLog('warn', out).info({}, 'nothing');
    expect(out.written).toEqual([]);
  });
});
