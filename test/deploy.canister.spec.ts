import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HttpAgent } from '@dfinity/agent';
import { AssetManager } from '@dfinity/assets';
import { Ed25519KeyIdentity } from '@dfinity/identity';
import { Principal } from '@dfinity/principal';
import { createGateway } from '@decent-cloud/localnet/gateway/create-gateway.ts';
import { serve, type RunningServer } from '@decent-cloud/localnet/http/serve.ts';
import { createNode, type LocalnetNode } from '@decent-cloud/localnet/localnet-node.ts';
import { assetCanisterProgram } from '@decent-cloud/localnet/system/assets/asset-canister.ts';
import wabt from 'wabt';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createCanister, deployCanister } from '../scripts/start/deploy-canister.ts';
import { uploadPage } from '../scripts/start/upload-page.ts';

const PAGE_ID = Principal.fromText('rrkah-fqaaa-aaaaa-aaaaq-cai');

let node: LocalnetNode;
let server: RunningServer;
let agent: HttpAgent;
let folder: string;

beforeEach(async () => {
  const identity = Ed25519KeyIdentity.generate();
  node = createNode({ seed: new Uint8Array(32).fill(7) });
  node.replica.installNative(
    PAGE_ID,
    assetCanisterProgram({ commit: [identity.getPrincipal()] }),
    1_000_000_000_000n,
  );
  server = await serve({ app: createGateway({ host: node.host, api: node.api }), port: 0 });
  node.host.start();
  agent = HttpAgent.createSync({ host: server.url, identity, rootKey: node.keys.rootKeyDer });
  folder = mkdtempSync(join(tmpdir(), 'deploy-'));
});

afterEach(async () => {
  node.host.stop();
  await server.close();
  rmSync(folder, { recursive: true });
});

/** A canister that answers `version` with the given Candid text, as a module file. */
async function moduleAnswering(version: string): Promise<string> {
  const reply = `DIDL\\00\\01\\71\\${version.length.toString(16).padStart(2, '0')}${version}`;
  const length = 'DIDL'.length + 4 + version.length;
  const wat = `(module
    (import "ic0" "msg_reply_data_append" (func $append (param i32 i32)))
    (import "ic0" "msg_reply" (func $reply))
    (memory 1)
    (data (i32.const 0) "${reply}")
    (func (export "canister_query version")
      (call $append (i32.const 0) (i32.const ${length})) (call $reply)))`;
  const parsed = (await wabt()).parseWat('version.wat', wat);
  const file = join(folder, `${version}.wasm`);
  writeFileSync(file, parsed.toBinary({}).buffer);
  return file;
}

describe('deployCanister', () => {
  it('installs, leaves alone what is unchanged, and upgrades what changed', async () => {
    const canisterId = await createCanister(agent);
    const first = await moduleAnswering('1.0');
    expect(await deployCanister({ agent, canisterId, wasmFile: first })).toBe('installed');
    expect(await deployCanister({ agent, canisterId, wasmFile: first })).toBe('unchanged');
    const second = await moduleAnswering('1.1');
    expect(await deployCanister({ agent, canisterId, wasmFile: second })).toBe('upgraded');
  });

  it('gives each canister its own id', async () => {
    const ids = [await createCanister(agent), await createCanister(agent)];
    expect(new Set(ids.map((id) => id.toText())).size).toBe(2);
  });
});

describe('uploadPage', () => {
  const networkFile = new TextEncoder().encode('{"network":"local"}');

  function upload(extra = networkFile): Promise<number> {
    const extraFiles = new Map([['/network.json', extra]]);
    return uploadPage({ agent, canisterId: PAGE_ID, folder, extraFiles });
  }

  async function fetchPage(path: string): Promise<Response> {
    return fetch(`${server.url}${path}?canisterId=${PAGE_ID.toText()}`);
  }

  beforeEach(() => {
    writeFileSync(join(folder, 'index.html'), '<h1>status</h1>');
    mkdirSync(join(folder, 'assets'));
    writeFileSync(join(folder, 'assets', 'app.js'), 'export {};');
  });

  it('serves every file through the gateway, with its type', async () => {
    expect(await upload()).toBe(3);
    expect(await (await fetchPage('/')).text()).toBe('<h1>status</h1>');
    const script = await fetchPage('/assets/app.js');
    expect(await script.text()).toBe('export {};');
    expect(script.headers.get('content-type')).toContain('javascript');
    expect(await (await fetchPage('/network.json')).json()).toEqual({ network: 'local' });
  });

  it('uploads only what changed and removes what is gone', async () => {
    await upload();
    expect(await upload()).toBe(0);
    rmSync(join(folder, 'assets', 'app.js'));
    writeFileSync(join(folder, 'index.html'), '<h1>new</h1>');
    expect(await upload()).toBe(2);
    const keys = (await new AssetManager({ agent, canisterId: PAGE_ID }).list()).map((a) => a.key);
    expect(keys.toSorted()).toEqual(['/index.html', '/network.json']);
    expect(await (await fetchPage('/')).text()).toBe('<h1>new</h1>');
  });
});
