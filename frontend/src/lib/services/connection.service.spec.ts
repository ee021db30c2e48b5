import { describe, expect, it } from 'vitest';
import type { Rental } from '../api/wire.ts';
import { connectionLines, isSameKey, keyName, readCredentials } from './connection.service.ts';

const card = (change: Partial<Rental.ConnectionCard> = {}): Rental.ConnectionCard => ({
  ipv4: '192.0.2.7',
  ipv6: '2001:db8::7',
  ssh_user: 'root',
  ssh_port: 22,
  host_key_fingerprint: 'SHA256:abc',
  host_key: 'ssh-ed25519 AAAA',
  service_url: 'https://192.0.2.7/',
  ...change,
});

describe('connectionLines', () => {
  it('gives lines that ssh takes', () => {
    expect(connectionLines(card())).toEqual({
      host: '192.0.2.7',
      ssh: 'ssh root@192.0.2.7',
      knownHosts: '192.0.2.7 ssh-ed25519 AAAA',
      vscode: 'vscode://vscode-remote/ssh-remote+root@192.0.2.7:22/root',
      serviceUrl: 'https://192.0.2.7/',
    });
  });

  it('names another port in each of them', () => {
    const lines = connectionLines(card({ ssh_port: 2_222 }));
    expect(lines.ssh).toBe('ssh -p 2222 root@192.0.2.7');
    expect(lines.knownHosts).toBe('[192.0.2.7]:2222 ssh-ed25519 AAAA');
    expect(lines.vscode).toContain(':2222/');
  });

  it('takes the IPv6 address where there is no other', () => {
    const lines = connectionLines(card({ ipv4: '' }));
    expect(lines.ssh).toBe('ssh root@2001:db8::7');
    expect(lines.vscode).toContain('[2001:db8::7]:22');
  });

  it.each(['', 'javascript:alert(1)', 'ftp://x'])('links to no service at “%s”', (url) => {
    expect(connectionLines(card({ service_url: url })).serviceUrl).toBeUndefined();
  });
});

describe('readCredentials', () => {
  const encode = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));

  it('reads what machines seal', () => {
    const secrets = [{ name: 'ADMIN_PASSWORD', value: 'x' }];
    expect(readCredentials(encode({ secrets }))).toEqual(secrets);
  });

  it('refuses another form without showing it', () => {
    expect(() => readCredentials(encode({ secrets: ['hunter2'] }))).toThrow(/does not know/);
    expect(() => readCredentials(encode({ secrets: ['hunter2'] }))).not.toThrow(/hunter2/);
  });
});

describe('keys', () => {
  it('are named by type and comment, and are the same whatever the comment', () => {
    expect(keyName('ssh-ed25519 AAAA me@laptop home')).toBe('ssh-ed25519 · me@laptop home');
    expect(keyName('ssh-ed25519 AAAA')).toBe('ssh-ed25519');
    expect(isSameKey('ssh-ed25519 AAAA one', 'ssh-ed25519 AAAA two')).toBe(true);
    expect(isSameKey('ssh-ed25519 AAAA', 'ssh-ed25519 AAAB')).toBe(false);
  });
});
