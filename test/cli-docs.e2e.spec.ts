import { readFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { examplesOf, isAnswer } from './support/cli-document.ts';
import { IcpShell } from './support/icp-shell.ts';

const DOCUMENT = readFileSync(new URL('../docs/CLI.md', import.meta.url), 'utf8');

const shell = new IcpShell();

afterAll(async () => {
  await shell.run('icp network stop');
  shell.remove();
});

/** One story: each example begins where the one before ended. */
describe('docs/CLI.md', () => {
  it.each(examplesOf(DOCUMENT))('is true in line $line', async ({ script, answer }) => {
    const shown = await shell.run(script);
    expect(shown.code, `${script}\n${shown.stderr}`).toBe(0);
    if (answer !== undefined && !isAnswer(shown.stdout, answer)) {
      expect.fail(`${script}\nanswered\n${shown.stdout}\nnot\n${answer}`);
    }
  });
});
