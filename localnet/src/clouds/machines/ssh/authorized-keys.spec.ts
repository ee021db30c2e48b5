import { fc, it as property } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { readAuthorizedKeys } from './authorized-keys.ts';

const KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f';

function expiryOf(spec: string): number | undefined {
  return readAuthorizedKeys(`expiry-time="${spec}" ${KEY}`).keys[0]?.expiresAtMs;
}

describe('readAuthorizedKeys', () => {
  it('reads keys with and without comments, and passes over blanks and comments', () => {
    const text = `# mine\n\n${KEY}\n  ${KEY} me@home with words\r\n`;
    const { keys, problems } = readAuthorizedKeys(text);
    expect(keys.map((key) => [key.type, key.blob.length])).toEqual([
      ['ssh-ed25519', 51],
      ['ssh-ed25519', 51],
    ]);
    expect(problems).toEqual([]);
  });

  it('reads a forced command with quotation marks, commas and blanks', () => {
    const line = String.raw`restrict,command="/bin/sh -c \"a, b\"",no-pty ${KEY} dc-door`;
    expect(readAuthorizedKeys(line).keys[0]?.forcedCommand).toBe('/bin/sh -c "a, b"');
  });

  it.each([
    ['20261123', Date.UTC(2026, 10, 23)],
    ['202611231530', Date.UTC(2026, 10, 23, 15, 30)],
    ['20261123153045', Date.UTC(2026, 10, 23, 15, 30, 45)],
    ['20261123153045Z', Date.UTC(2026, 10, 23, 15, 30, 45)],
  ])('takes the time %s as UTC', (spec, timeMs) => {
    expect(expiryOf(spec)).toBe(timeMs);
  });

  it.each(['2026', '20261301', '20260230', '202611232460', 'soon', ''])(
    'gives no access by the time %s',
    (spec) => {
      const { keys, problems } = readAuthorizedKeys(`expiry-time="${spec}" ${KEY}`);
      expect([keys.length, problems[0]?.reason]).toEqual([0, 'bad expiry-time']);
    },
  );

  it.each([
    [`from="10.0.0.1" ${KEY}`, 'the option from is not supported'],
    [`cert-authority ${KEY}`, 'the option cert-authority is not supported'],
    [`command="open ${KEY}`, 'cannot be read'],
    ['ssh-ed25519', 'holds no key'],
    ['ssh-ed25519 not!base64', 'holds no key'],
    [`restrict,,no-pty ${KEY}`, 'cannot be read'],
  ])('gives no access by the line %s', (line, reason) => {
    expect(readAuthorizedKeys(`${KEY}\n${line}\n`)).toMatchObject({
      keys: [{ forcedCommand: undefined }],
      problems: [{ line: 2, reason }],
    });
  });

  property.prop([fc.string({ unit: fc.constantFrom('a', 'b', ' ', '"', ',', '=', "'", '$') })])(
    'reads back any command that is quoted as sshd wants it',
    (command) => {
      const quoted = command.replaceAll('"', String.raw`\"`);
      const { keys } = readAuthorizedKeys(`command="${quoted}" ${KEY}`);
      expect(keys[0]?.forcedCommand).toBe(command);
    },
  );
});
