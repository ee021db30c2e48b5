import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runScript, type ScriptResult } from '../testing/shell.fake.ts';
import { renterKeysScript, renterLine } from './renter-keys-script.ts';

const DOOR = 'restrict,command="/usr/local/sbin/dc-door" ssh-ed25519 AAAAdoor dc-door';
const OWN = 'ssh-ed25519 AAAAown added by hand';

let home = '';
let keys = '';

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'dc-keys-'));
  keys = join(home, '.ssh', 'authorized_keys');
  mkdirSync(join(home, '.ssh'), { mode: 0o700 });
  writeFileSync(keys, `${renterLine('ssh-rsa AAAA one')}\n${OWN}\n${DOOR}`);
});

afterEach(() => rmSync(home, { recursive: true }));

const replaced = (...lines: string[]): string =>
  [OWN, DOOR, '# dc-renter-keys begin', ...lines, '# dc-renter-keys end', ''].join('\n');

describe.each(['dash', 'bash'])('the script that replaces keys, run by %s', (shell) => {
  const replace = (...lines: string[]): Promise<ScriptResult> =>
    runScript([shell, '-s'], renterKeysScript(lines), { HOME: home });

  it("replaces the renter's lines, again and again, and no others", async () => {
    expect((await replace('ssh-ed25519 AAAB two', 'ssh-ed25519 AAAC')).code).toBe(0);
    const first = replaced('ssh-ed25519 AAAB two dc-renter', 'ssh-ed25519 AAAC dc-renter');
    expect(readFileSync(keys, 'utf8')).toBe(first);
    expect((await replace('ssh-ed25519 AAAD three')).code).toBe(0);
    expect(readFileSync(keys, 'utf8')).toBe(replaced('ssh-ed25519 AAAD three dc-renter'));
  });

  it('writes comments as they are', async () => {
    const line = `ssh-ed25519 AAAB $(reboot) \`id\` 'Jörg' "\\0" 🙂`;
    expect((await replace(line)).code).toBe(0);
    expect(readFileSync(keys, 'utf8')).toBe(replaced(`${line} dc-renter`));
  });

  it('keeps what somebody wrote between the marks', async () => {
    await replace('ssh-ed25519 AAAB two');
    const text = readFileSync(keys, 'utf8');
    writeFileSync(keys, text.replace('# dc-renter-keys end', 'ssh-rsa AAAX by hand'));
    await replace('ssh-ed25519 AAAC');
    expect(readFileSync(keys, 'utf8')).toContain(
      '\nssh-rsa AAAX by hand\n# dc-renter-keys begin\n',
    );
  });

  it('writes nowhere else when the file is a link', async () => {
    const victim = join(home, 'victim');
    writeFileSync(victim, 'precious\n');
    rmSync(keys);
    symlinkSync(victim, keys);
    const { code, stderr } = await replace('ssh-ed25519 AAAB');
    expect([code, stderr]).toEqual([73, `${keys} is not a plain file; nothing was changed\n`]);
    expect(readFileSync(victim, 'utf8')).toBe('precious\n');
  });
});

describe('renterLine', () => {
  it.each([
    'command="id" ssh-ed25519 AAAA',
    'ssh-ed25519',
    '# ssh-ed25519 AAAA',
    'ssh-ed25519 AAAA\nssh-rsa AAAA',
    'ssh-ed25519 AAAA a\u202eb',
    'ssh-ed25519 AAAA a\tb',
    ' ssh-ed25519 AAAA',
    '',
  ])('refuses %j', (line) => {
    expect(() => renterLine(line)).toThrow('no line of authorized_keys');
  });
});
