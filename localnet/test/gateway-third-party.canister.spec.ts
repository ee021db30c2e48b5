import { IDL } from '@dfinity/candid';
import { Principal } from '@dfinity/principal';
import { describe, expect, it } from 'vitest';
import { openGatewayWorld } from './fixtures/gateway-world.ts';
import { installWasm } from './fixtures/management.ts';
import { ReplicaClient } from './fixtures/replica-client.ts';
import { thirdPartyWasm } from './fixtures/third-party.ts';

describe("gateway with DFINITY's Candid UI", () => {
  it('serves its page, certified by version 2 in a canister nobody here wrote', async () => {
    const world = await openGatewayWorld({ isStopped: true });
    try {
      const canisterId = installWasm(new ReplicaClient(world.node.replica), {
        sender: Principal.anonymous(),
        wasm: await thirdPartyWasm('candid-ui'),
        arg: new Uint8Array(IDL.encode([], [])),
      });
      world.node.host.start();
      const host = `${canisterId.toText()}.localhost`;
      const page = await world.get({ host, path: '/' });
      expect(page.status).toBe(200);
      expect(page.headers['content-type']).toContain('text/html');
      expect(page.headers['ic-certificate']).toContain('version=2');
      expect(page.text).toContain('Candid UI');
    } finally {
      await world.close();
    }
  });
});
