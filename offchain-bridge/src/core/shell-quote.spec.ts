import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shellAssignments } from './shell-quote.ts';
import { WorkError } from './work-error.ts';

/** The values as a shell reads them, each ended by a zero byte. */
function readBack(shell: string, names: readonly string[], lines: string): string[] {
  const prints = names.map((name) => `printf '%s\\0' "$${name}"`).join('\n');
  const output = execFileSync(shell, ['-c', `${lines}${prints}`], { encoding: 'utf8' });
  return output.split('\0').slice(0, -1);
}

describe('shellAssignments', () => {
  it.each(['dash', 'bash'])('are read back by %s as they were', (shell) => {
    const nasty = ["'", "''\\''", '$(reboot)', '`id`', '\n', 'a\nB=c', '!x', '"', '\\', ' ', '€🙂'];
    const value = fc.oneof(
      fc.string({ unit: fc.constantFrom(...nasty) }),
      fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('\0')),
    );
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 20 }), (values) => {
        const named = values.map((text, index) => ({ name: `V_${index}`, value: text }));
        const names = named.map(({ name }) => name);
        expect(readBack(shell, names, shellAssignments(named))).toEqual(values);
      }),
      { numRuns: 25 },
    );
  });

  it.each([
    [{ name: 'a', value: 's3cret' }],
    [{ name: 'A-B', value: 's3cret' }],
    [{ name: 'A\nB', value: 's3cret' }],
    [{ name: '', value: 's3cret' }],
    [{ name: 'A', value: 's3cret\0' }],
    [
      { name: 'A', value: 's3cret' },
      { name: 'A', value: '' },
    ],
  ])('refuse %j without saying the value', (...values) => {
    const make = (): string => shellAssignments(values);
    expect(make).toThrow(WorkError);
    expect(make).not.toThrow(/s3cret/);
  });
});
