import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { IcpConfigFlag, IcpFeaturesConfig, PocketIc, SubnetStateType } from '@dfinity/pic';
import { IDL } from '@icp-sdk/core/candid';
import { Principal } from '@icp-sdk/core/principal';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startPicServer, type PicServer } from '../src/testing/pic-server.ts';
import { subjectIdl, subjectWasm, type SubjectService } from './fixtures/pic-subject.ts';
import { rawCanisterWasm } from './fixtures/raw-canister.ts';

const LEDGER_ID = Principal.fromText('ryjl3-tyaaa-aaaaa-aaaba-cai');
const CYCLES_LEDGER_ID = Principal.fromText('um5iw-rqaaa-aaaaq-qaaba-cai');
const ACCOUNT = IDL.Record({ owner: IDL.Principal, subaccount: IDL.Opt(IDL.Vec(IDL.Nat8)) });
const NEW = { state: { type: SubnetStateType.New } } as const;

/** What is localnet's own: what it refuses, and what the client never sends. */
describe('PocketIC protocol', () => {
  let server: PicServer;

  beforeAll(async () => {
    server = await startPicServer();
  });
  afterAll(() => server.stop());

  async function post(path: string, body: string): Promise<{ status: number; body: unknown }> {
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(`${server.url}${path}`, { method: 'POST', headers, body });
    return { status: response.status, body: await response.json() };
  }

  async function openSubject() {
    const pic = await PocketIc.create(server.url);
    const { actor, canisterId } = await pic.setupCanister<SubjectService>({
      idlFactory: subjectIdl,
      wasm: subjectWasm(),
      arg: new Uint8Array(IDL.encode([IDL.Nat], [0n])),
    });
    return { pic, actor, canisterId };
  }

  it.each([
    {
      desc: 'a state directory',
      options: { nns: { state: { type: SubnetStateType.FromPath, path: '/x' } } },
      text: 'state_config',
    },
    {
      desc: 'beta features',
      options: { icpConfig: { betaFeatures: IcpConfigFlag.Enabled } },
      text: 'beta_features',
    },
    {
      desc: 'governance',
      options: { icpFeatures: { nnsGovernance: IcpFeaturesConfig.DefaultConfig } },
      text: 'nns_governance',
    },
    {
      desc: 'unchecked signatures',
      options: { disableIngressValidation: true },
      text: 'disable_ingress_validation',
    },
  ] as const)('refuses $desc clearly', async ({ options, text }) => {
    await expect(PocketIc.create(server.url, options)).rejects.toThrow(text);
  });

  it('refuses sender info, which it could not hand on', async () => {
    const pic = await PocketIc.create(server.url);
    const canisterId = await pic.createCanister();
    const senderInfo = { info: Uint8Array.of(1), signer: Principal.anonymous() };
    await expect(pic.queryCall({ canisterId, method: 'load', senderInfo })).rejects.toThrow(
      'sender_info',
    );
    await pic.tearDown();
  });

  it('provides ledgers with the balances of PocketIC', async () => {
    const pic = await PocketIc.create(server.url, {
      icpFeatures: {
        icpToken: IcpFeaturesConfig.DefaultConfig,
        cyclesToken: IcpFeaturesConfig.DefaultConfig,
        cyclesMinting: IcpFeaturesConfig.DefaultConfig,
      },
    });
    const arg = new Uint8Array(
      IDL.encode([ACCOUNT], [{ owner: Principal.anonymous(), subaccount: [] }]),
    );
    const balanceOn = async (canisterId: Principal) => {
      const reply = await pic.queryCall({ canisterId, method: 'icrc1_balance_of', arg });
      return IDL.decode([IDL.Nat], reply)[0];
    };
    expect(await balanceOn(LEDGER_ID)).toBe(1_000_000_000n * 100_000_000n);
    expect(await balanceOn(CYCLES_LEDGER_ID)).toBeGreaterThan(10n ** 20n);
    const nns = await pic.getNnsSubnet();
    expect((await pic.getCanisterSubnetId(LEDGER_ID))?.toText()).toBe(nns?.id.toText());
    expect(await pic.getTime()).toBeGreaterThanOrEqual(Date.UTC(2021, 4, 10, 8, 0, 1));
    await pic.tearDown();
  });

  it('raises instruction limits for benchmarks', async () => {
    for (const enableBenchmarkingInstructionLimits of [true, false]) {
      const application = [{ ...NEW, enableBenchmarkingInstructionLimits }];
      const pic = await PocketIc.create(server.url, { application });
      const canisterId = await pic.createCanister();
      await pic.installCode({ canisterId, wasm: await rawCanisterWasm() });
      const spin = pic.queryCall({ canisterId, method: 'spin' });
      if (enableBenchmarkingInstructionLimits) expect(await spin).toHaveLength(0);
      else await expect(spin).rejects.toThrow(/Error code: 522/);
      await pic.tearDown();
    }
  });

  it('starts an instance at a given time, by itself and with a gateway', async () => {
    const config = {
      subnet_config_set: { application: [{}] },
      initial_time: { AutoProgress: { artificial_delay_ms: null } },
      http_gateway_config: { domains: ['localhost'] },
    };
    const { status, body } = await post('/instances', JSON.stringify(config));
    expect(status).toBe(201);
    const { Created } = body as {
      Created: { instance_id: number; http_gateway_info: { instance_id: number; port: number } };
    };
    const { port } = Created.http_gateway_info;
    const topology = await fetch(`http://127.0.0.1:${port}/_/topology`);
    expect(await topology.json()).toHaveProperty('default_effective_canister_id');
    const api = await fetch(`http://127.0.0.1:${port}/api/v2/status`);
    expect(api.status).toBe(200);
    const viaInstance = `${server.url}/instances/${Created.instance_id}/api/v2/status`;
    expect((await fetch(viaInstance)).status).toBe(200);
    await fetch(`${server.url}/instances/${Created.instance_id}`, { method: 'DELETE' });
    await expect(fetch(`http://127.0.0.1:${port}/api/v2/status`)).rejects.toThrow();
  });

  it('starts an instance at a given time', async () => {
    const time = (ns: string) =>
      `{"subnet_config_set":{"application":[{}]},"initial_time":{"Timestamp":{"nanos_since_epoch":${ns}}}}`;
    const { body } = await post('/instances', time('1700000000000000001'));
    const { Created } = body as { Created: { instance_id: number } };
    const now = await fetch(`${server.url}/instances/${Created.instance_id}/read/get_time`);
    expect(await now.text()).toBe('{"nanos_since_epoch":1700000000000000001}');
    const early = await post('/instances', time('5'));
    expect(early.status).toBe(400);
    expect(JSON.stringify(early.body)).toMatch(/^\{"Error":\{"message":".*no earlier than/);
  });

  it('answers what it cannot read with 400 and a message', async () => {
    const { body } = await post('/instances', '{"subnet_config_set":{"application":[{}]}}');
    const { Created } = body as { Created: { instance_id: number } };
    const base = `/instances/${Created.instance_id}`;
    const cases = [
      ['/update/set_time', 'no json'],
      ['/update/set_time', '{"nanos_since_epoch":-1}'],
      ['/update/set_time', '{"nanos_since_epoch":99999999999999999999}'],
      ['/read/query', '{}'],
      ['/read/get_cycles', '{"canister_id":"***"}'],
      ['/update/await_ingress_message', '{"effective_principal":"None","message_id":"AAAA"}'],
      ['/update/set_stable_memory', '{"canister_id":"AAAA","blob_id":"AAAA"}'],
      ['/read/pub_key', '{"subnet_id":"BA=="}'],
    ] as const;
    for (const [path, text] of cases) {
      const answer = await post(`${base}${path}`, text);
      expect(answer.status, path).toBe(400);
      expect(answer.body, path).toHaveProperty('message');
    }
    for (const path of ['/instances/999/update/tick', '/instances/x/update/tick']) {
      expect(await post(path, '{}')).toMatchObject({ status: 400 });
    }
    expect(await post(`${base}/update/tick`, '{}')).toEqual({ status: 200, body: null });
  });

  it('shows the outcome of a message to its sender only', async () => {
    const { body } = await post('/instances', '{"subnet_config_set":{"application":[{}]}}');
    const { Created } = body as { Created: { instance_id: number } };
    const base = `/instances/${Created.instance_id}`;
    const create = {
      sender: 'BA==',
      canister_id: '',
      method: 'provisional_create_canister_with_cycles',
      payload: Buffer.from(IDL.encode([IDL.Record({})], [{}])).toString('base64'),
      effective_principal: 'None',
    };
    const submitted = await post(`${base}/update/submit_ingress_message`, JSON.stringify(create));
    const { Ok } = submitted.body as { Ok: unknown };
    const status = (caller: string) =>
      post(
        `${base}/read/ingress_status`,
        JSON.stringify({ raw_message_id: Ok, raw_caller: caller }),
      );
    expect(await status('BA==')).toEqual({ status: 200, body: null });
    await post(`${base}/update/tick`, '{}');
    expect((await status('BA==')).body).toHaveProperty('Ok');
    const foreign = await status('AAAA');
    expect(foreign.status).toBe(400);
    expect(JSON.stringify(foreign.body)).toContain('Forbidden');
  });

  it('performs HTTPS outcalls for real while it is live', async () => {
    const service = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const asked = `${request.method ?? ''} ${Buffer.concat(chunks).toString()}`;
        response.writeHead(202, { 'x-date': 'now' }).end(`${asked} ${request.url ?? ''}`);
      });
    });
    await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve));
    const { port } = service.address() as AddressInfo;
    const { pic, actor } = await openSubject();
    await pic.makeLive();
    expect(await actor.fetch(`http://127.0.0.1:${port}/price`)).toBe('202 POST ask /price 0');
    await new Promise((resolve) => service.close(resolve));
    expect(await actor.fetch(`http://127.0.0.1:${port}/price`)).toMatch(
      /^rejected: .*ECONNREFUSED/,
    );
    await pic.tearDown();
  });

  it('leaves an HTTPS outcall to a mock when live mode ends before it is answered', async () => {
    const silent = createServer();
    const asked = new Promise((resolve) => silent.once('request', resolve));
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const { port } = silent.address() as AddressInfo;
    const { pic, canisterId } = await openSubject();
    const deferred = pic.createDeferredActor<SubjectService>(subjectIdl, canisterId);
    const result = await deferred.fetch(`http://127.0.0.1:${port}/`);
    await pic.makeLive();
    await asked;
    await pic.stopLive();
    silent.closeAllConnections();
    silent.close();
    const [outcall] = await pic.getPendingHttpsOutcalls();
    if (outcall === undefined) throw new Error('No HTTPS outcall is pending');
    const { requestId, subnetId } = outcall;
    const response = { type: 'reject', statusCode: 2, message: 'mocked' } as const;
    await pic.mockPendingHttpsOutcall({ requestId, subnetId, response });
    expect(await result()).toBe('rejected: mocked');
    await pic.tearDown();
  });

  it('lists instances and gateways', async () => {
    const instances = await fetch(`${server.url}/instances`);
    expect(await instances.json()).toContain('Deleted');
    const gateways = await fetch(`${server.url}/http_gateway`);
    expect(await gateways.json()).toEqual([]);
  });
});
