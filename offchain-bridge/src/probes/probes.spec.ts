import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import {
  createServer as createTcpServer,
  type AddressInfo,
  type Server as TcpServer,
} from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { doorLine } from '../core/door-script.ts';
import type { RentalId } from '../core/ids.ts';
import type { HealthCheck } from '../core/job-work.ts';
import { sshKeyPair } from '../secrets/openssh-key.ts';
import { RentalSecrets } from '../secrets/rental-secrets.ts';
import { SshConnector } from '../ssh/ssh-connector.ts';
import { FakeClock } from '../testing/fake-clock.fake.ts';
import { SshHost } from '../testing/ssh-host.fake.ts';
import { probeHttp } from './http-probe.ts';
import { probeMachine, type MachineLook, type MachineProbeDeps } from './probe-machine.ts';
import { isPublicIpv4 } from './public-address.ts';
import { probeTcp } from './tcp-probe.ts';

const HERE = '127.0.0.1';
const secrets = new RentalSecrets(new Uint8Array(32).fill(4));
const rental = { installation: 'main', rentalId: 7 as RentalId };
const deps: MachineProbeDeps = {
  clock: new FakeClock(),
  from: 'fsn1',
  timeoutMs: 2_000,
  addresses: 'any',
  door: { connector: new SshConnector({ tcpMs: 2_000, readyMs: 5_000 }), secrets },
};

let stop: AbortController;
const closing: (() => Promise<unknown> | undefined)[] = [];

beforeEach(() => {
  stop = new AbortController();
});

afterEach(async () => {
  stop.abort();
  for (const close of closing.splice(0)) await close();
});

async function listen(server: Server | TcpServer): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, HERE, resolve));
  closing.push(() => new Promise((resolve) => server.close(resolve)));
  return (server.address() as AddressInfo).port;
}

const serve = (listener: RequestListener): Promise<number> => listen(createServer(listener));

async function closedPort(): Promise<number> {
  const server = createTcpServer();
  const port = await listen(server);
  await closing.pop()?.();
  return port;
}

async function askHttp(
  port: number,
  change: Partial<Extract<HealthCheck, { kind: 'http' }>> = {},
  from: MachineProbeDeps = deps,
) {
  const check = {
    kind: 'http' as const,
    port,
    path: '/up?a=b',
    status: 200,
    contains: 'ok',
    ...change,
  };
  const { verdict, what, result } = await probeHttp(HERE, check, from, stop.signal);
  expect(what).toBe(`HTTP GET :${port}${check.path} from fsn1`);
  return [verdict, result];
}

describe('probeHttp', () => {
  it('is up with the status and the text that are wanted', async () => {
    let asked: unknown;
    const port = await serve(({ method, url, headers }, response) => {
      asked = [method, url, headers.host];
      response.end('all ok');
    });
    expect(await askHttp(port)).toEqual(['up', '200 with "ok"']);
    expect(asked).toEqual(['GET', '/up?a=b', `${HERE}:${port}`]);
    expect(await askHttp(port, { contains: '' })).toEqual(['up', '200']);
    expect(await askHttp(port, { contains: 'bye' })).toEqual(['down', '200 without "bye"']);
  });

  it('follows nobody elsewhere', async () => {
    let visits = 0;
    const elsewhere = await serve((_request, response) => {
      visits += 1;
      response.end('ok');
    });
    const port = await serve((_request, response) =>
      response.writeHead(302, { location: `http://${HERE}:${elsewhere}/` }).end('ok'),
    );
    expect(await askHttp(port)).toEqual(['down', '302 instead of 200']);
    expect(await askHttp(port, { status: 302 })).toEqual(['up', '302 with "ok"']);
    expect(visits).toBe(0);
  });

  it('does not ask for a path that is another address', async () => {
    for (const path of ['http://example.org/', '@example.org', '/a b', '/\r\nhost: a']) {
      const check: HealthCheck = { kind: 'http', port: 80, path, status: 200, contains: '' };
      const { verdict, result } = await probeHttp(HERE, check, deps, stop.signal);
      expect([verdict, result]).toEqual(['down', 'no such path']);
    }
    const check: HealthCheck = { kind: 'http', port: 80, path: '/', status: 200, contains: '' };
    expect((await probeHttp('localhost', check, deps, stop.signal)).verdict).toBe('down');
  });

  it('looks through 256 KiB, across pieces, and not further', async () => {
    const port = await serve((request, response) => {
      const before = Number(new URL(request.url ?? '', 'http://a').searchParams.get('before'));
      response.write('x'.repeat(before));
      response.write('o');
      response.end(`k${'x'.repeat(300_000)}`);
    });
    const after = (before: number) => askHttp(port, { path: `/?before=${before}` });
    expect((await after(10_000))[0]).toBe('up');
    expect((await after(262_142))[0]).toBe('up');
    expect((await after(262_143))[0]).toBe('down');
  });

  it('ends what has no end', async () => {
    const port = await serve((_request, response) => {
      const pour = (): void => {
        while (response.write('x'.repeat(65_536)));
      };
      response.on('drain', pour);
      pour();
    });
    expect(await askHttp(port)).toEqual(['down', '200 without "ok"']);
  });

  it('does not wait longer than it may, for headers or for a body', async () => {
    const hasty = { ...deps, timeoutMs: 100 };
    const silent = await serve(() => undefined);
    const slow = await serve((_request, response) => void response.write('o'));
    for (const port of [silent, slow]) {
      expect(await askHttp(port, {}, hasty)).toEqual(['down', 'no answer within 100 ms']);
    }
  });

  it('says what is wrong in plain words', async () => {
    const cut = await listen(createTcpServer((socket) => socket.destroy()));
    const half = await serve((_request, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('o', () => response.destroy());
    });
    expect(await askHttp(await closedPort())).toEqual(['down', 'nobody listens there']);
    expect(await askHttp(cut)).toEqual(['down', 'the connection was cut']);
    expect((await askHttp(half))[0]).toBe('down');
  });

  it('ends with the reason of the signal', async () => {
    const why = new Error('the bridge stops');
    const asking = askHttp(await serve(() => stop.abort(why)));
    await expect(asking).rejects.toBe(why);
  });
});

describe('probeTcp', () => {
  it('says whether somebody listens', async () => {
    const port = await listen(createTcpServer((socket) => socket.end()));
    const open = await probeTcp({ host: HERE, port }, deps, stop.signal);
    expect(open).toEqual({
      what: `TCP ${port} from fsn1`,
      result: 'open',
      latencyMs: 0,
      verdict: 'up',
    });
    const shut = await probeTcp({ host: HERE, port: await closedPort() }, deps, stop.signal);
    expect([shut.verdict, shut.result]).toEqual(['down', 'nobody listens there']);
  });
});

describe('probeMachine', () => {
  let host: SshHost;
  let sshPort = 0;
  let home = '';
  const keys = (text: string): void => writeFileSync(join(home, '.ssh', 'authorized_keys'), text);

  beforeEach(async () => {
    home = mkdtempSync(join(tmpdir(), 'dc-probe-'));
    mkdirSync(join(home, '.ssh'));
    keys(doorLine(secrets.doorKey(rental).publicLine));
    const moved = new Map([['/usr/local/sbin/dc-door', 'exit 3 #']]);
    host = new SshHost({ hostKeys: [secrets.hostKey(rental).privateKey], home, moved });
    sshPort = await host.listen();
    closing.push(async () => {
      await host.close();
      rmSync(home, { recursive: true });
    });
  });

  async function look(
    health: HealthCheck | undefined,
    change: { readonly hostKey?: string; readonly port?: number; readonly ipv4?: string } = {},
    by: MachineProbeDeps = deps,
  ): Promise<MachineLook> {
    const { hostKey = secrets.hostKey(rental).publicLine, port = sshPort, ipv4 = HERE } = change;
    return probeMachine(
      { ...rental, card: { ipv4, sshPort: port, hostKey }, health },
      by,
      stop.signal,
    );
  }

  it('finds SSH enough for a bare machine, without a login', async () => {
    expect(await look(undefined)).toEqual({
      verdict: 'up',
      checks: [
        {
          what: `SSH ${sshPort} from fsn1`,
          result: 'answers with the host key of the machine',
          latencyMs: 0,
          verdict: 'up',
        },
      ],
    });
    expect(host.logins).toBe(0);
    expect((await look(undefined, { port: await closedPort() })).verdict).toBe('down');
  });

  it('says nothing about a machine with another host key', async () => {
    const hostKey = sshKeyPair(new Uint8Array(32)).publicLine;
    const { verdict, checks } = await look(undefined, { hostKey });
    expect(verdict).toBe('unknown');
    expect(checks[0]?.result).toContain(secrets.hostKey(rental).fingerprint);
  });

  it('lets what the recipe calls healthy count, whatever SSH does', async () => {
    const port = await listen(createTcpServer((socket) => socket.end()));
    const shut = await closedPort();
    expect((await look({ kind: 'tcp', port }, { port: shut })).verdict).toBe('up');
    const { verdict, checks } = await look({ kind: 'tcp', port: shut });
    expect([verdict, checks.map((check) => check.verdict)]).toEqual(['down', ['down', 'up']]);
  });

  it('has the machine run a health command', async () => {
    const command: HealthCheck = { kind: 'command', command: 'true' };
    const { verdict, checks } = await look(command);
    expect([verdict, checks[0]?.result]).toEqual(['down', 'exit code 3']);
    expect(host.commands).toEqual(['check', 'check']);
  });

  it('looks twice before it says that something is not up, and once if it is', async () => {
    let visits = 0;
    const answers = [503, 200, 200];
    const port = await serve((_request, response) => {
      response.writeHead(answers[visits] ?? 500).end();
      visits += 1;
    });
    const page: HealthCheck = { kind: 'http', port, path: '/', status: 200, contains: '' };
    expect((await look(page)).verdict).toBe('up');
    expect((await look(page)).verdict).toBe('up');
    expect(visits).toBe(3);
    expect((await look(page)).verdict).toBe('down');
    expect(visits).toBe(5);
  });

  it('falls back on SSH where the renter has taken the door out', async () => {
    keys('');
    const { verdict, checks } = await look({ kind: 'command', command: 'true' });
    expect(verdict).toBe('up');
    expect(checks[0]).toMatchObject({ verdict: 'unknown' });
    expect(checks[0]?.result).toContain('was taken out');
  });

  it('knocks at no door near it that an agent names', async () => {
    for (const ipv4 of [HERE, '169.254.169.254', '10.0.0.1', '']) {
      const { verdict, checks } = await look(undefined, { ipv4 }, { ...deps, addresses: 'public' });
      expect([verdict, checks.length]).toEqual(['unknown', 1]);
    }
    expect(host.commands).toEqual([]);
  });

  it('ends with the reason of the signal', async () => {
    const why = new Error('the bridge stops');
    stop.abort(why);
    await expect(look(undefined)).rejects.toBe(why);
  });
});

describe('isPublicIpv4', () => {
  it.each([
    ['159.69.1.2', true],
    ['172.15.255.255', true],
    ['172.16.0.0', false],
    ['172.31.255.255', false],
    ['192.168.1.1', false],
    ['100.64.0.1', false],
    ['127.20.0.1', false],
    ['0.0.0.0', false],
    ['255.255.255.255', false],
    ['::1', false],
    ['159.69.1', false],
    ['a.example', false],
  ])('%s: %j', (address, isPublic) => {
    expect(isPublicIpv4(address)).toBe(isPublic);
  });
});
