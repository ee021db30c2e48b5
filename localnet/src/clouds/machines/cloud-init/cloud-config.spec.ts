import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { parseCloudConfig } from './cloud-config.ts';
import { decodeUserData } from './user-data.ts';

const KEY = 'ssh-ed25519 AAAA me';

describe('decodeUserData', () => {
  const text = '#cloud-config\nhostname: a\n';

  it.each([
    ['plain', text],
    ['base64', Buffer.from(text).toString('base64')],
    ['gzip in base64', gzipSync(text).toString('base64')],
  ])('reads %s', (_name, encoded) => {
    expect(decodeUserData(encoded)).toEqual({ kind: 'cloud-config', text });
  });

  it('tells scripts and other things apart', () => {
    expect(decodeUserData('#!/bin/sh\nid\n')).toEqual({ kind: 'script', text: '#!/bin/sh\nid\n' });
    expect(decodeUserData('Content-Type: multipart/mixed\n')).toMatchObject({ kind: 'unknown' });
    expect(decodeUserData(' \n')).toEqual({ kind: 'none' });
    expect(decodeUserData(undefined)).toEqual({ kind: 'none' });
  });

  it('throws on damaged gzip and on a bomb', () => {
    const zipped = gzipSync(text);
    expect(() => decodeUserData(zipped.subarray(0, 20).toString('base64'))).toThrow();
    const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024)).toString('base64');
    expect(() => decodeUserData(bomb)).toThrow('larger');
  });
});

describe('parseCloudConfig', () => {
  it('gathers keys of root from both places, and those of others by name', () => {
    const { authorizedKeys, problems } = parseCloudConfig(`
ssh_authorized_keys: ['${KEY} 1']
users:
  - default
  - name: root
    lock_passwd: false
    ssh_authorized_keys: ['${KEY} 2']
  - {name: deploy, ssh_authorized_keys: '${KEY} 3'}
`);
    expect(Object.fromEntries(authorizedKeys)).toEqual({
      root: [`${KEY} 1`, `${KEY} 2`],
      deploy: [`${KEY} 3`],
    });
    expect(problems).toEqual([]);
  });

  it('shuts root out where it is asked to', () => {
    const config = parseCloudConfig(`disable_root: true\nssh_authorized_keys: ['${KEY}']\n`);
    const [line = ''] = config.authorizedKeys.get('root') ?? [];
    expect(line).toContain('command="echo');
    expect(line.endsWith(KEY)).toBe(true);
  });

  it('reads files in every encoding, with permissions as text or octal', () => {
    const zipped = gzipSync('zipped').toString('base64');
    const { files } = parseCloudConfig(`
write_files:
  - {path: /a, content: plain, permissions: '0755'}
  - {path: /b, content: ${Buffer.from('based').toString('base64')}, encoding: b64, permissions: 0600}
  - {path: /c, content: ${zipped}, encoding: gz+b64, append: true}
  - {path: /d, content: ${zipped}, encoding: gzip+base64, owner: 'root:root', defer: true}
`);
    expect(files.map((file) => ({ ...file, content: file.content.toString() }))).toEqual([
      { path: '/a', content: 'plain', mode: 0o755, appends: false },
      { path: '/b', content: 'based', mode: 0o600, appends: false },
      { path: '/c', content: 'zipped', mode: 0o644, appends: true },
      { path: '/d', content: 'zipped', mode: 0o644, appends: false },
    ]);
  });

  it('puts commands in order, with words quoted', () => {
    const { commands } = parseCloudConfig(`
runcmd: ['echo $HOME', [echo, "it's", 1]]
packages: [nodejs, [nginx, 1.24]]
bootcmd: [first]
`);
    expect(commands).toEqual([
      'first',
      'apt-get update',
      "apt-get install -y 'nodejs' 'nginx=1.24'",
      'echo $HOME',
      String.raw`'echo' 'it'\''s' '1'`,
    ]);
  });

  it('leaves out what it cannot read, says so, and keeps the rest', () => {
    const config = parseCloudConfig(`
hostname: good
ssh_authorized_keys: {a: b}
write_files: [{path: relative, content: x}, {path: /ok}, {path: /z, encoding: gz, content: no}]
swap: {size: 1}
`);
    expect(config.hostname).toBe('good');
    expect(config.authorizedKeys.get('root')).toEqual([]);
    expect(config.files.map((file) => file.path)).toEqual(['/ok', '/z']);
    expect(config.problems).toEqual([
      'swap is not simulated',
      'ssh_authorized_keys cannot be read and is left out',
      'an entry of write_files cannot be read and is left out',
    ]);
  });

  it.each(['a: [', '- list', 'text', '"', '\t- x'])('boots with nothing from %s', (text) => {
    const config = parseCloudConfig(text);
    expect([config.authorizedKeys.size, config.commands, config.files]).toEqual([0, [], []]);
    expect(config.problems).toHaveLength(1);
  });
});
