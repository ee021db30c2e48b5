import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { identityOfPhrase } from '../src/lib/services/login.service.ts';
import { newPhrase } from '../src/lib/services/phrase.service.ts';

const ICP = fileURLToPath(
  new URL('../../node_modules/@icp-sdk/icp-cli-linux-x64/bin/icp', import.meta.url),
);
/** A phrase of 15 words, which the page does not make but takes. Source: BIP-39 word list. */
const FIFTEEN =
  'abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon address';

let home: string;

beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'phrase-'));
});

afterAll(() => rmSync(home, { recursive: true }));

async function icp(...args: readonly string[]): Promise<string> {
  const env = { PATH: process.env['PATH'], HOME: home, DO_NOT_TRACK: '1', NO_COLOR: '1' };
  const { stdout } = await promisify(execFile)(ICP, args, { cwd: home, env });
  return stdout.trim();
}

describe('identityOfPhrase', () => {
  it.each([
    { name: 'twelve', phrase: newPhrase(12) },
    { name: 'fifteen', phrase: FIFTEEN },
    { name: 'twenty-four', phrase: newPhrase(24) },
  ])('is whom the icp command imports from the same $name words', async ({ name, phrase }) => {
    const file = join(home, `${name}.txt`);
    writeFileSync(file, phrase);
    await icp('identity', 'import', name, '--from-seed-file', file, '--storage', 'plaintext');
    const principal = await icp('identity', 'principal', '--identity', name);
    expect(identityOfPhrase(phrase).getPrincipal().toText()).toBe(principal);
  });
});
