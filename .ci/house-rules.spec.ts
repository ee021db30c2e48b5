import { ESLint } from 'eslint';
import { describe, expect, it } from 'vitest';
import { ROOT } from './tidy/source-files.ts';

/** Real files, so that typed rules find their project; only the text is ours. */
const DOMAIN = 'domain/src/result.ts';
const REPLICA = 'localnet/src/core/types.ts';
const BRIDGE = 'offchain-bridge/src/config.ts';

interface Row {
  readonly rule: string;
  readonly file: string;
  readonly text: string;
}

const ROWS: readonly Row[] = [
  { rule: 'no-restricted-globals', file: DOMAIN, text: 'const at = Date.now();' },
  { rule: 'no-restricted-globals', file: REPLICA, text: 'console.log(1);' },
  { rule: 'no-restricted-globals', file: REPLICA, text: "await fetch('http://a.example');" },
  { rule: 'no-restricted-properties', file: DOMAIN, text: 'const dice = Math.random();' },
  { rule: 'no-restricted-properties', file: REPLICA, text: 'const dice = Math.random();' },
  { rule: 'no-restricted-imports', file: DOMAIN, text: "import { time } from 'azle';" },
  { rule: 'no-restricted-imports', file: DOMAIN, text: "import { hash } from 'node:crypto';" },
  { rule: 'no-restricted-imports', file: REPLICA, text: "import { rmSync } from 'node:fs';" },
  { rule: 'no-restricted-imports', file: REPLICA, text: "import { Hono } from 'hono';" },
  { rule: 'jsdoc/require-jsdoc', file: DOMAIN, text: 'export const limit = 3;' },
  { rule: 'jsdoc/require-jsdoc', file: DOMAIN, text: 'export type Size = number;' },
  { rule: 'jsdoc/require-jsdoc', file: DOMAIN, text: 'export interface Box { size: number }' },
  { rule: 'jsdoc/require-jsdoc', file: DOMAIN, text: 'export function f(): void {}' },
  {
    rule: '@typescript-eslint/switch-exhaustiveness-check',
    file: BRIDGE,
    text: "export function f(x: 'a' | 'b'): void { switch (x) { case 'a': break; } }",
  },
  {
    rule: '@typescript-eslint/no-floating-promises',
    file: BRIDGE,
    text: 'Promise.resolve(1);',
  },
  {
    rule: '@typescript-eslint/no-explicit-any',
    file: BRIDGE,
    text: 'export const x = (y: any): void => undefined;',
  },
  {
    rule: '@typescript-eslint/no-non-null-assertion',
    file: BRIDGE,
    text: 'export const first = (xs: readonly number[]): number => xs[0]!;',
  },
  {
    rule: '@typescript-eslint/no-explicit-any',
    file: BRIDGE,
    text: '// eslint-disable-next-line\nexport const x = (y: any): void => undefined;',
  },
  { rule: 'no-warning-comments', file: BRIDGE, text: ['// TO', 'DO later'].join('') },
  { rule: 'no-empty', file: BRIDGE, text: 'try { f(); } catch {}' },
  { rule: 'no-restricted-syntax', file: BRIDGE, text: 'export default 1;' },
  { rule: 'no-restricted-syntax', file: BRIDGE, text: "export * from './http/app.ts';" },
  { rule: 'no-console', file: BRIDGE, text: 'console.log(1);' },
  { rule: 'max-lines', file: BRIDGE, text: '\n'.repeat(301) },
  {
    rule: 'max-lines-per-function',
    file: BRIDGE,
    text: `export function f(): void {\n${'f();\n'.repeat(70)}}`,
  },
];

const eslint = new ESLint({ cwd: ROOT });

async function brokenRules(file: string, text: string): Promise<(string | null)[]> {
  const [result] = await eslint.lintText(text, { filePath: `${ROOT}/${file}` });
  return result?.messages.map((message) => message.ruleId) ?? [];
}

describe('lint', () => {
  it.each(ROWS)('refuses with $rule in $file, row %#', async ({ rule, file, text }) => {
    expect(await brokenRules(file, text)).toContain(rule);
  });

  it('accepts documented pure code', async () => {
    const text = '/** Twice the amount. */\nexport const twice = (n: bigint): bigint => n * 2n;\n';
    expect(await brokenRules(DOMAIN, text)).toEqual([]);
  });
});
