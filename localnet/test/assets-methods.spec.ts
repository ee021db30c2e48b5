import { createHash } from 'node:crypto';
import { Principal } from '@dfinity/principal';
import { beforeEach, describe, expect, it } from 'vitest';
import { createReplica } from '../src/core/create-replica.ts';
import type { NativeProgram } from '../src/core/native.ts';
import { sha256, utf8 } from '../src/crypto/bytes.ts';
import { decodeCbor } from '../src/crypto/cbor.ts';
import { hashTreeFromCbor } from '../src/crypto/hash-tree-cbor.ts';
import { assetCanisterProgram } from '../src/system/assets/asset-canister.ts';
import { PUBLISHED_ASSETS_SERVICE } from '../src/system/assets/assets-idl.ts';
import { BATCH_EXPIRY_NS } from '../src/system/assets/batch-store.ts';
import { CallRejected, ReplicaClient } from './fixtures/replica-client.ts';

const ID = Principal.fromText('rrkah-fqaaa-aaaaa-aaaaq-cai');
const COMMITTER = Principal.fromUint8Array(Uint8Array.of(1, 1));
const PREPARER = Principal.fromUint8Array(Uint8Array.of(1, 2));
const MANAGER = Principal.fromUint8Array(Uint8Array.of(1, 3));
const STRANGER = Principal.fromUint8Array(Uint8Array.of(1, 4));
const OPTIONS = { commit: [COMMITTER], prepare: [PREPARER], managePermissions: [MANAGER] };
const REJECTED = 4;
const TRAPPED = 5;

interface Canister {
  readonly program: NativeProgram;
  readonly client: ReplicaClient;
  /** As COMMITTER, unless told otherwise. */
  call(method: string, arg?: unknown, sender?: Principal): unknown;
}

function newCanister(program = assetCanisterProgram(OPTIONS)): Canister {
  const replica = createReplica({
    seed: new Uint8Array(32),
    timeNs: 1_700_000_000_000_000_000n,
    subnetId: Principal.selfAuthenticating(new Uint8Array(133)),
    rootKey: new Uint8Array(133),
    dataCertificate: () => utf8('certificate'),
  });
  replica.installNative(ID, program, 0n);
  const client = new ReplicaClient(replica);
  client.setNow(client.nowNs);
  return {
    program,
    client,
    call: (method: string, arg?: unknown, sender = COMMITTER) =>
      client.call(
        { sender, canisterId: ID, method },
        PUBLISHED_ASSETS_SERVICE,
        ...(arg === undefined ? [] : [arg]),
      ),
  };
}

function createAsset(key: string, more: object = {}): object {
  return {
    key,
    content_type: 'text/plain',
    max_age: [],
    headers: [],
    enable_aliasing: [],
    allow_raw_access: [],
    ...more,
  };
}

function setContent(key: string, chunkIds: bigint[], more: object = {}): object {
  return {
    key,
    content_encoding: 'identity',
    chunk_ids: chunkIds,
    last_chunk: [],
    sha256: [],
    ...more,
  };
}

function rejection(run: () => unknown): { code: number; message: string } {
  try {
    run();
  } catch (error) {
    if (error instanceof CallRejected) return { code: error.code, message: error.message };
    throw error;
  }
  throw new Error('the call was not rejected');
}

function certifiedData({ client }: Canister): Uint8Array | undefined {
  return client.replica.canister(ID)?.certifiedData;
}

describe('asset canister', () => {
  let canister: Canister;

  beforeEach(() => {
    canister = newCanister();
  });

  function upload(key: string, ...contents: string[]): void {
    const { batch_id } = canister.call('create_batch', {}) as { batch_id: bigint };
    const content = contents.map(utf8);
    const { chunk_ids } = canister.call('create_chunks', {
      batch_id,
      content,
    }) as { chunk_ids: bigint[] };
    canister.call('commit_batch', {
      batch_id,
      operations: [
        { CreateAsset: createAsset(key) },
        { SetAssetContent: setContent(key, chunk_ids) },
      ],
    });
  }

  const keys = (): string[] =>
    (canister.call('list', { start: [], length: [] }) as { key: string }[]).map(({ key }) => key);

  it('certifies from the first round on, and again with every change', () => {
    const before = certifiedData(canister);
    expect(before).toHaveLength(32);
    upload('/a.txt', 'a');
    expect(certifiedData(canister)).not.toEqual(before);
    canister.call('delete_asset', { key: '/a.txt' });
    expect(certifiedData(canister)).toEqual(before);
  });

  it('shows the tree whose root hash is its certified data', () => {
    upload('/a.txt', 'a');
    const { tree, certificate } = canister.call('certified_tree', {}) as {
      tree: Uint8Array;
      certificate: Uint8Array;
    };
    expect(hashTreeFromCbor(decodeCbor(tree)).hash).toEqual(certifiedData(canister));
    expect(certificate).toEqual(utf8('certificate'));
  });

  it.each([
    ['an asset that exists', { CreateAsset: createAsset('/kept.txt') }, 'asset already exists'],
    ['an unknown asset', { UnsetAssetContent: { key: '/x', content_encoding: 'br' } }, 'not found'],
    ['an unknown chunk', { SetAssetContent: setContent('/kept.txt', [99n]) }, 'chunk not found'],
    ['no content', { SetAssetContent: setContent('/kept.txt', []) }, 'at least one chunk'],
    [
      'a wrong hash',
      {
        SetAssetContent: setContent('/kept.txt', [], {
          last_chunk: [utf8('x')],
          sha256: [new Uint8Array(32)],
        }),
      },
      'sha256 mismatch',
    ],
    [
      'a header HTTP cannot carry',
      { CreateAsset: createAsset('/h.txt', { headers: [[['X-A', 'a\r\nX-B: b']]] }) },
      'invalid value',
    ],
  ])('does nothing of a batch that ends with %s', (_, failing, message) => {
    upload('/kept.txt', 'kept');
    const before = certifiedData(canister);
    const { batch_id } = canister.call('create_batch', {}) as { batch_id: bigint };
    const { chunk_id } = canister.call('create_chunk', {
      batch_id,
      content: utf8('new'),
    }) as { chunk_id: bigint };
    const good = [
      { DeleteAsset: { key: '/kept.txt' } },
      { CreateAsset: createAsset('/new.txt') },
      { SetAssetContent: setContent('/new.txt', [chunk_id]) },
      { CreateAsset: createAsset('/kept.txt') },
    ];
    const failed = rejection(() =>
      canister.call('commit_batch', { batch_id, operations: [...good, failing] }),
    );
    expect(failed).toEqual({ code: TRAPPED, message: expect.stringContaining(message) as string });
    expect(keys()).toEqual(['/kept.txt']);
    expect(certifiedData(canister)).toEqual(before);
    canister.call('commit_batch', { batch_id, operations: good });
    expect(keys()).toEqual(['/kept.txt', '/new.txt']);
  });

  it('forgets a batch five minutes after it was last added to', () => {
    const { batch_id } = canister.call('create_batch', {}) as { batch_id: bigint };
    const add = (): unknown => canister.call('create_chunk', { batch_id, content: utf8('x') });
    canister.client.advance(BATCH_EXPIRY_NS - 1n);
    add();
    canister.client.advance(BATCH_EXPIRY_NS - 1n);
    canister.call('create_batch', {});
    add();
    canister.client.advance(BATCH_EXPIRY_NS);
    canister.call('create_batch', {});
    expect(rejection(add).message).toContain('batch not found');
  });

  it('keeps to its limits', () => {
    canister.call('configure', { max_batches: [[1n]], max_chunks: [[2n]], max_bytes: [[3n]] });
    expect(canister.call('get_configuration')).toEqual({
      max_batches: [1n],
      max_chunks: [2n],
      max_bytes: [3n],
    });
    const { batch_id } = canister.call('create_batch', {}) as { batch_id: bigint };
    const add = (...content: string[]): unknown =>
      canister.call('create_chunks', { batch_id, content: content.map(utf8) });
    expect(rejection(() => canister.call('create_batch', {})).message).toContain('batch limit');
    expect(rejection(() => add('', '', '')).message).toContain('chunk limit');
    expect(rejection(() => add('four')).message).toContain('byte limit');
    add('a', 'bc');
    expect(rejection(() => add('')).message).toContain('chunk limit');
    canister.call('delete_batch', { batch_id });
    expect(rejection(() => canister.call('delete_batch', { batch_id })).message).toContain(
      'batch not found',
    );
  });

  it('commits a proposed batch only against its evidence', () => {
    const asPreparer = (method: string, arg: unknown): unknown =>
      canister.call(method, arg, PREPARER);
    const { batch_id } = asPreparer('create_batch', {}) as { batch_id: bigint };
    const { chunk_id } = asPreparer('create_chunk', { batch_id, content: utf8('body') }) as {
      chunk_id: bigint;
    };
    const operations = [
      { CreateAsset: createAsset('/p.txt', { max_age: [7n], allow_raw_access: [true] }) },
      { SetAssetContent: setContent('/p.txt', [chunk_id]) },
    ];
    expect(asPreparer('compute_evidence', { batch_id, max_iterations: [] })).toEqual([]);
    asPreparer('propose_commit_batch', { batch_id, operations });
    const [evidence] = asPreparer('compute_evidence', { batch_id, max_iterations: [] }) as [
      Uint8Array,
    ];
    // Tags 4 and 5 name the operations, 3 and 2 are some and none, 1 is true.
    const expected = createHash('sha256')
      .update(Uint8Array.of(4))
      .update('/p.txttext/plain')
      .update(Uint8Array.of(3, 0, 0, 0, 0, 0, 0, 0, 7, 2, 3, 1, 2))
      .update(Uint8Array.of(5))
      .update('/p.txtidentity')
      .update(Uint8Array.of(2))
      .update('body')
      .digest();
    expect(Buffer.compare(evidence, expected)).toBe(0);

    const wrong = { batch_id, evidence: new Uint8Array(32) };
    expect(canister.call('validate_commit_proposed_batch', wrong)).toHaveProperty('Err');
    expect(rejection(() => canister.call('commit_proposed_batch', wrong)).code).toBe(TRAPPED);
    expect(rejection(() => canister.call('create_batch', {})).message).toContain('proposed');
    const right = { batch_id, evidence };
    expect(canister.call('validate_commit_proposed_batch', right)).toEqual({
      Ok: `commit proposed batch ${batch_id} with evidence ${expected.toString('hex')}`,
    });
    expect(rejection(() => asPreparer('commit_proposed_batch', right)).code).toBe(REJECTED);
    canister.call('commit_proposed_batch', right);
    expect(keys()).toEqual(['/p.txt']);
  });

  it('changes properties one by one', () => {
    canister.call('create_asset', createAsset('/a.txt', { max_age: [5n] }));
    const none = { key: '/a.txt', max_age: [], headers: [], allow_raw_access: [], is_aliased: [] };
    canister.call('set_asset_properties', {
      ...none,
      headers: [
        [
          [
            ['B', '2'],
            ['A', '1'],
          ],
        ],
      ],
    });
    canister.call('set_asset_properties', { ...none, is_aliased: [[false]] });
    const headers = [
      ['A', '1'],
      ['B', '2'],
    ];
    expect(canister.call('get_asset_properties', '/a.txt')).toEqual({
      max_age: [5n],
      headers: [headers],
      allow_raw_access: [],
      is_aliased: [false],
    });
    canister.call('set_asset_properties', { ...none, max_age: [[]], headers: [[]] });
    expect(canister.call('get_asset_properties', '/a.txt')).toMatchObject({
      max_age: [],
      headers: [],
    });
  });

  it('gives an asset in chunks, of the version asked for only', () => {
    upload('/big.txt', 'one', 'two', 'three');
    const got = canister.call('get', {
      key: '/big.txt',
      accept_encodings: ['gzip', 'identity'],
    }) as { content: Uint8Array; total_length: bigint; sha256: [Uint8Array] };
    expect(got).toMatchObject({ content: utf8('one'), total_length: 11n });
    const chunk = (index: bigint, hash: Uint8Array[]): unknown =>
      canister.call('get_chunk', {
        key: '/big.txt',
        content_encoding: 'identity',
        index,
        sha256: hash,
      });
    expect(chunk(2n, got.sha256)).toEqual({ content: utf8('three') });
    expect(rejection(() => chunk(3n, got.sha256)).message).toContain('out of bounds');
    expect(rejection(() => chunk(1n, [])).message).toContain('sha256 required');
    expect(rejection(() => chunk(1n, [new Uint8Array(32)])).message).toContain('sha256 mismatch');
    expect(got.sha256[0]).toEqual(sha256(utf8('onetwothree')));
  });

  it('lists in pages of at most 100, by the bytes of the keys', () => {
    const names = Array.from({ length: 130 }, (_, index) => `/${String(index).padStart(3, '0')}`);
    const all = [...names, '/\u{ff5e}', '/\u{1f600}'];
    const operations = [...all].reverse().map((key) => ({ CreateAsset: createAsset(key) }));
    canister.call('commit_batch', { batch_id: 0n, operations });
    const page = (start: bigint, length: bigint[]): string[] =>
      (canister.call('list', { start: [start], length }) as { key: string }[]).map(
        ({ key }) => key,
      );
    expect(page(0n, [])).toEqual(all.slice(0, 100));
    expect(page(100n, [500n])).toEqual(all.slice(100));
    expect(page(5n, [2n])).toEqual(all.slice(5, 7));
  });

  it('checks permissions', () => {
    const grant = { to_principal: STRANGER, permission: { Commit: null } };
    const store = (sender: Principal): unknown =>
      canister.call(
        'store',
        {
          key: '/s.txt',
          content_type: 'text/plain',
          content_encoding: 'identity',
          content: utf8('s'),
          sha256: [],
          aliased: [],
        },
        sender,
      );
    expect(rejection(() => store(STRANGER))).toEqual({
      code: REJECTED,
      message: expect.stringContaining('Caller does not have Commit permission') as string,
    });
    expect(rejection(() => store(PREPARER)).code).toBe(REJECTED);
    expect(rejection(() => canister.call('create_batch', {}, STRANGER)).code).toBe(REJECTED);
    expect(rejection(() => canister.call('grant_permission', grant)).code).toBe(REJECTED);
    expect(rejection(() => canister.call('take_ownership', undefined, MANAGER)).code).toBe(
      REJECTED,
    );
    canister.call('grant_permission', grant, MANAGER);
    store(STRANGER);
    const permitted = canister.call('list_permitted', {
      permission: { Commit: null },
    }) as Principal[];
    expect(permitted.map((principal) => principal.toText())).toEqual([
      COMMITTER.toText(),
      STRANGER.toText(),
    ]);
    const revoke = { of_principal: STRANGER, permission: { Commit: null } };
    expect(rejection(() => canister.call('revoke_permission', revoke)).code).toBe(TRAPPED);
    canister.call('revoke_permission', revoke, STRANGER);
    expect(rejection(() => store(STRANGER)).code).toBe(REJECTED);
    canister.call('deauthorize', COMMITTER, COMMITTER);
    expect(canister.call('list_authorized')).toEqual([]);
  });

  it('saves everything and goes on from there', () => {
    upload('/index.html', '<p>', 'hi</p>');
    canister.call('create_asset', createAsset('/a', { headers: [[['A', '1']]], max_age: [1n] }));
    const { batch_id } = canister.call('create_batch', {}) as { batch_id: bigint };
    const { chunk_id } = canister.call('create_chunk', {
      batch_id,
      content: utf8('later'),
    }) as { chunk_id: bigint };
    canister.call('propose_commit_batch', {
      batch_id,
      operations: [{ SetAssetContent: setContent('/a', [chunk_id]) }],
    });
    canister.call('compute_evidence', { batch_id, max_iterations: [] });
    canister.call('compute_state_hash');
    const saved = canister.program.save();

    const program = assetCanisterProgram();
    program.load(saved);
    expect(Buffer.compare(program.save(), saved)).toBe(0);
    expect(program.nextTimerNs?.()).toBeUndefined();
    const other = newCanister(program);
    const [evidence] = canister.call('compute_evidence', {
      batch_id,
      max_iterations: [],
    }) as [Uint8Array];
    for (const each of [canister, other]) {
      each.call('commit_proposed_batch', { batch_id, evidence });
    }
    expect(other.call('list', { start: [], length: [] })).toEqual(
      canister.call('list', { start: [], length: [] }),
    );
    expect(certifiedData(other)).toEqual(certifiedData(canister));
    expect(other.call('compute_state_hash')).toEqual(canister.call('compute_state_hash'));
  });

  it('sends raw requests for protected assets to the certified host', () => {
    canister.call('create_asset', createAsset('/p.txt', { allow_raw_access: [false] }));
    canister.call('set_asset_content', setContent('/p.txt', [], { last_chunk: [utf8('p')] }));
    const ask = (host: string): unknown =>
      canister.call('http_request', {
        method: 'GET',
        url: '/p.txt?x=1',
        headers: [['Host', host]],
        body: new Uint8Array(),
        certificate_version: [2],
      });
    expect(ask(`${ID.toText()}.raw.localhost:4943`)).toMatchObject({
      status_code: 308,
      headers: [['location', `//${ID.toText()}.localhost:4943/p.txt?x=1`]],
    });
    expect(ask(`${ID.toText()}.localhost:4943`)).toMatchObject({ status_code: 200 });
  });

  it('publishes the interface of the real canister', () => {
    expect(canister.program.candid).toContain('commit_batch : (CommitBatchArguments) -> ();');
    expect(canister.program.candid).toContain('clear : (ClearArguments) -> ();');
    expect(canister.call('api_version')).toBe(2);
  });
});
