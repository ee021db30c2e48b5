import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readConfig } from './config.ts';

const RENTAL = 'uxrrr-q7777-77774-qaaaq-cai';
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'bridge-config-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function fileWith(text: string): string {
  const path = join(folder, 'bridge.yaml');
  writeFileSync(path, text);
  return path;
}

describe('readConfig', () => {
  it('needs nothing but the canister, and listens on loopback', () => {
    const outcome = readConfig({ BRIDGE_RENTAL_CANISTER: RENTAL }, undefined);
    expect(outcome).toMatchObject({
      kind: 'ok',
      warnings: [],
      config: { http: { host: '127.0.0.1', port: 8_090 }, network: { rentalId: RENTAL } },
    });
  });

  it('lets the environment win over the file', () => {
    const file = fileWith(`rental_canister: ${RENTAL}\nport: 9000\ncapacity: 3\n`);
    const outcome = readConfig({ BRIDGE_PORT: '0' }, file);
    expect(outcome).toMatchObject({ kind: 'ok', config: { http: { port: 0 }, capacity: 3 } });
  });

  it('warns when its pages leave the machine', () => {
    const outcome = readConfig(
      { BRIDGE_RENTAL_CANISTER: RENTAL, BRIDGE_HOST: '0.0.0.0' },
      undefined,
    );
    expect(JSON.stringify(outcome)).toContain('open to whoever reaches 0.0.0.0');
  });

  it.each([
    ['BRIDGE_PORT', 'http'],
    ['BRIDGE_PORT', '65536'],
    ['BRIDGE_CAPACITY', '201'],
    ['BRIDGE_SCRIPT_LIMIT_MS', '999'],
    ['BRIDGE_NETWORK_URL', 'ftp://x'],
    ['BRIDGE_ROOT_KEY', 'xyz'],
    ['BRIDGE_JOBS_ENABLED', 'yes'],
    ['BRIDGE_LOG_LEVEL', 'loud'],
  ])('refuses %s=%s and names it', (name, value) => {
    const outcome = readConfig({ BRIDGE_RENTAL_CANISTER: RENTAL, [name]: value }, undefined);
    expect(outcome.kind).toBe('invalid');
    expect(JSON.stringify(outcome)).toContain(name.replace('BRIDGE_', '').toLowerCase());
  });

  it.each([
    ['a name that it does not know', 'rental_canister: a\nprot: 1\n', 'prot'],
    ['a list', '- 1\n', 'names and values'],
    ['no YAML', 'a: [', 'names and values'],
  ])('refuses a file with %s', (_name, text, problem) => {
    const outcome = readConfig({}, fileWith(text));
    expect(outcome.kind).toBe('invalid');
    expect(JSON.stringify(outcome)).toContain(problem);
  });

  it('says that the file is not there', () => {
    expect(readConfig({}, join(folder, 'none.yaml'))).toMatchObject({ kind: 'invalid' });
  });

  it('names every problem at once', () => {
    const outcome = readConfig({ BRIDGE_PORT: 'x', BRIDGE_CAPACITY: '0' }, undefined);
    const text = JSON.stringify(outcome);
    for (const name of ['port', 'capacity', 'rental_canister']) expect(text).toContain(name);
  });
});
