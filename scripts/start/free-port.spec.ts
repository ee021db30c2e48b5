import { createServer, type AddressInfo, type Server } from 'node:net';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { requireFreePort } from './free-port.ts';
import { StartError } from './start-error.ts';

let server: Server;
let port: number;

beforeEach(async () => {
  server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  port = (server.address() as AddressInfo).port;
});

afterEach(() => server.close());

describe('requireFreePort', () => {
  it('says which port is taken and how to choose another', async () => {
    const refusal = requireFreePort(port);
    await expect(refusal).rejects.toThrow(StartError);
    await expect(requireFreePort(port)).rejects.toThrow(`--port ${port + 1}`);
  });

  it('accepts a port that was given back, and leaves it free', async () => {
    server.close();
    await once(server, 'close');
    await requireFreePort(port);
    await requireFreePort(port);
  });
});
