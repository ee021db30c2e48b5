import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sshKeyPair } from '../secrets/openssh-key.ts';
import { runScript, type ScriptResult } from '../testing/shell.fake.ts';
import { checkScript, doorLine, doorScript } from './door-script.ts';

const KEY = sshKeyPair(new Uint8Array(32).fill(1)).publicLine;
const OTHER = sshKeyPair(new Uint8Array(32).fill(2)).publicLine;
const DOOR = doorLine(sshKeyPair(new Uint8Array(32).fill(3)).publicLine);
/** Looks nearly like a line that the door may take out. */
const RENTER = 'ssh-ed25519 AAAAC3Nz me dc-job\nssh-rsa AAAAB3 "dc-job" dc-renter';

let home = '';
let keys = '';
let check = '';

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'dc-door-'));
  keys = join(home, '.ssh', 'authorized_keys');
  check = join(home, "it's a check.sh");
  mkdirSync(join(home, '.ssh'), { mode: 0o700 });
  writeFileSync(keys, `# mine\n${RENTER}\n${DOOR}\n`);
  writeFileSync(join(home, 'door'), doorScript(check), { mode: 0o755 });
});

afterEach(() => rmSync(home, { recursive: true }));

const encoded = (line: string): string => Buffer.from(line).toString('base64');
const lines = (): string[] => readFileSync(keys, 'utf8').split('\n');

const SHELLS: readonly (readonly [string, ...string[]])[] = [
  ['dash'],
  ['bash'],
  ['bash', '--posix'],
];

describe.each(SHELLS.map((shell) => ({ shell })))('the door, run by $shell', ({ shell }) => {
  const knock = (command?: string): Promise<ScriptResult> => {
    const [program, ...args] = shell;
    const asked: Record<string, string> =
      command === undefined ? {} : { SSH_ORIGINAL_COMMAND: command };
    return runScript([program, ...args, join(home, 'door')], '', {
      HOME: home,
      SSH_CLIENT: '10.0.0.1 4 22',
      ...asked,
    });
  };
  const open = (line: string): Promise<ScriptResult> => knock(`open ${encoded(line)}`);

  it('says hello', async () => {
    expect(await knock('hello')).toEqual({ code: 0, stdout: 'dc-door 1\n', stderr: '' });
  });

  it('lets one key in for two hours, and no longer', async () => {
    const [fromMs, opened, toMs] = [Date.now(), await open(KEY), Date.now()];
    expect(opened.code).toBe(0);
    const [mark, renter, rsa, door, job = '', end] = lines();
    expect([mark, renter, rsa, door, end]).toEqual(['# mine', ...RENTER.split('\n'), DOOR, '']);
    const match = /^restrict,expiry-time="(\d{8})(\d{6})" (.*) dc-job$/.exec(job);
    expect(match?.[3]).toBe(KEY);
    const [date = '', time = ''] = match?.slice(1, 3) ?? [];
    const [day, clock] = [
      date.replace(/(....)(..)(..)/, '$1-$2-$3'),
      time.replace(/(..)(..)(..)/, '$1:$2:$3'),
    ];
    // Without a zone it is local time, here as there.
    const untilMs = Date.parse(`${day}T${clock}`);
    expect(untilMs).toBeGreaterThanOrEqual(fromMs + 7_199_000);
    expect(untilMs).toBeLessThanOrEqual(toMs + 7_200_000);
    expect(statSync(keys).mode & 0o777).toBe(0o600);
  });

  it('takes the key of the job before out, and shuts', async () => {
    await open(KEY);
    await open(OTHER);
    expect(lines().filter((line) => line.startsWith('restrict,expiry'))).toHaveLength(1);
    expect(readFileSync(keys, 'utf8')).toContain(OTHER);
    expect((await knock('shut')).code).toBe(0);
    expect(readFileSync(keys, 'utf8')).toBe(`# mine\n${RENTER}\n${DOOR}\n`);
    expect(readdirSync(join(home, '.ssh'))).toEqual(['authorized_keys']);
  });

  it('keeps the last line apart when it has no end', async () => {
    writeFileSync(keys, DOOR);
    await open(KEY);
    expect(lines()[0]).toBe(DOOR);
    expect(lines()).toHaveLength(3);
  });

  it('makes what is missing', async () => {
    rmSync(join(home, '.ssh'), { recursive: true });
    expect((await open(KEY)).code).toBe(0);
    expect(lines()).toHaveLength(2);
    expect(statSync(join(home, '.ssh')).mode & 0o777).toBe(0o700);
  });

  const blob = Buffer.from(KEY.split(' ')[1] ?? '', 'base64');
  const hostile: readonly (readonly [string, string | undefined])[] = [
    ['no command', undefined],
    ['nothing', ''],
    ['a shell', 'sh'],
    ['two commands', 'hello; id'],
    ['two lines', 'hello\nid'],
    ['another case', 'HELLO'],
    ['a space more', 'hello '],
    ['an option', '-c id'],
    ['an option for open', 'open -d'],
    ['no key', 'open '],
    ['two words', `open ${encoded(KEY)} ${encoded(OTHER)}`],
    ['a substitution', 'open $(id)'],
    ['a path', 'open ../../etc/passwd'],
    ['what is not base64', 'open a'],
    ['options before the key', `open ${encoded(`command="id" ${KEY}`)}`],
    ['two keys', `open ${encoded(`${KEY}\n${OTHER}`)}`],
    ['a comment', `open ${encoded(`${KEY} x`)}`],
    ['a quote', `open ${encoded(`${KEY.slice(0, -1)}"`)}`],
    ['a line end', `open ${encoded(`${KEY.slice(0, -2)}\n#`)}`],
    ['zero bytes', `open ${encoded(`${KEY.slice(0, -1)}\0\0`)}`],
    ['an RSA key', `open ${encoded(`ssh-rsa ${'A'.repeat(72)}`)}`],
    ['a blob of another type', `open ${encoded(`ssh-ed25519 ${'A'.repeat(68)}`)}`],
    ['a short key', `open ${encoded(`ssh-ed25519 ${blob.subarray(0, 40).toString('base64')}`)}`],
    ['very much', `open ${'A'.repeat(100_000)}`],
  ];

  it.each(hostile)('refuses %s', async (_what, command) => {
    const { code, stdout, stderr } = await knock(command);
    expect([64, 65]).toContain(code);
    expect([stdout, stderr.includes('dc-door: ')]).toEqual(['', true]);
    expect(readFileSync(keys, 'utf8')).toBe(`# mine\n${RENTER}\n${DOOR}\n`);
  });

  it('writes nowhere else when the file is a link', async () => {
    const victim = join(home, 'victim');
    writeFileSync(victim, 'precious\n');
    rmSync(keys);
    symlinkSync(victim, keys);
    for (const command of [`open ${encoded(KEY)}`, 'shut']) {
      expect((await knock(command)).code).toBe(73);
    }
    expect(readFileSync(victim, 'utf8')).toBe('precious\n');
  });

  it('writes nowhere else when the folder is a link, a file, or open to others', async () => {
    const folder = join(home, '.ssh');
    const elsewhere = join(home, 'elsewhere');
    mkdirSync(elsewhere, { mode: 0o700 });
    for (const change of [
      () => chmodSync(folder, 0o770),
      () => chmodSync(folder, 0o702),
      () => {
        rmSync(folder, { recursive: true });
        symlinkSync(elsewhere, folder);
      },
      () => {
        rmSync(folder);
        symlinkSync(join(home, 'nowhere'), folder);
      },
      () => {
        rmSync(folder);
        writeFileSync(folder, '');
      },
    ]) {
      change();
      expect((await open(KEY)).code).toBe(73);
    }
    expect(readdirSync(elsewhere)).toEqual([]);
  });

  it('keeps every line when many knock at once', async () => {
    const all = Array.from({ length: 12 }, (_, index) =>
      index % 4 === 3 ? knock('shut') : open(index % 2 === 0 ? KEY : OTHER),
    );
    expect((await Promise.all(all)).map(({ code }) => code)).toEqual(all.map(() => 0));
    expect((await open(KEY)).code).toBe(0);
    expect(lines().filter((line) => line.endsWith(`${KEY} dc-job`))).toHaveLength(1);
    expect(readFileSync(keys, 'utf8').startsWith(`# mine\n${RENTER}\n${DOOR}\n`)).toBe(true);
    expect(lines()).toHaveLength(6);
    expect(readdirSync(join(home, '.ssh'))).toEqual(['authorized_keys']);
  });

  it.each([
    ['exit 0', 0],
    ['echo secret; exit 7', 7],
    ['[ -z "$SSH_ORIGINAL_COMMAND" ] && cat', 0],
  ])('runs the check %j and tells its exit code only', async (command, code) => {
    writeFileSync(check, checkScript(command), { mode: 0o700 });
    expect(await knock('check')).toEqual({ code, stdout: '', stderr: '' });
  });

  it('says when there is nothing to check', async () => {
    expect((await knock('check')).code).toBe(120);
  });
});
