import { describe, expect, it } from 'vitest';
import { listeningPorts } from './listening-ports.ts';

const HEAD = '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid\n';

function table(...rows: readonly (readonly [address: string, state: string])[]): string {
  const lines = rows.map(
    ([local, state], index) => `   ${index}: ${local} 00000000:0000 ${state} 0:0`,
  );
  return `${HEAD}${lines.join('\n')}\n`;
}

describe('listeningPorts', () => {
  it('tells where to find each port that is listened on', () => {
    const tcp = table(
      ['00000000:1F90', '0A'],
      ['0100007F:0050', '0A'],
      ['0700147F:0051', '0A'],
      ['0100007F:1F91', '01'],
    );
    expect([...listeningPorts(tcp, HEAD)]).toEqual([
      [8080, '127.0.0.1'],
      [80, '127.0.0.1'],
      [81, '127.20.0.7'],
    ]);
  });

  it('reads IPv6, and prefers IPv4 for the same port', () => {
    const tcp6 = table(
      ['00000000000000000000000000000000:1F90', '0A'],
      ['00000000000000000000000001000000:1F92', '0A'],
      ['0000000000000000FFFF00000100007F:1F93', '0A'],
      ['0000000000000000FFFF000000000000:1F94', '0A'],
      ['B80D0120000000000000000001000000:1F95', '0A'],
    );
    const tcp = table(['00000000:1F92', '0A']);
    expect([...listeningPorts(tcp, tcp6)]).toEqual([
      [8082, '127.0.0.1'],
      [8080, '::1'],
      [8083, '127.0.0.1'],
      [8084, '127.0.0.1'],
      [8085, '2001:db8:0:0:0:0:0:1'],
    ]);
  });

  it('finds nothing in empty tables', () => {
    expect(listeningPorts('', HEAD).size).toBe(0);
  });
});
