import { describe, expect, it } from 'vitest';
import { readConfig } from './config.ts';

describe('readConfig', () => {
  it('listens on loopback unless told otherwise', () => {
    expect(readConfig({})).toEqual({ kind: 'ok', config: { host: '127.0.0.1', port: 8_090 } });
  });

  it('takes host and port from the environment', () => {
    const outcome = readConfig({ BRIDGE_HOST: '::1', BRIDGE_PORT: '0' });
    expect(outcome).toEqual({ kind: 'ok', config: { host: '::1', port: 0 } });
  });

  it.each(['http', '-1', '65536', '80.5'])('refuses port %s and names the variable', (port) => {
    const outcome = readConfig({ BRIDGE_PORT: port });
    expect(outcome).toMatchObject({ kind: 'invalid' });
    expect(JSON.stringify(outcome)).toContain('BRIDGE_PORT');
  });
});
