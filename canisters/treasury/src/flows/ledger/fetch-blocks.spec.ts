import { IDL } from '@dfinity/candid';
import { Principal } from '@dfinity/principal';
import { describe, expect, it } from 'vitest';
import { err, ok } from '@decent-cloud/domain/result.ts';
import { FakeRuntime } from '@decent-cloud/kit/testing/runtime.fake.ts';
import { Icrc3GetBlocksResult } from '@decent-cloud/localnet/system/ledger/wire/icrc3-types.ts';
import { LEDGER } from '../../testing/transfer.fake.ts';
import { fetchBlocks } from './fetch-blocks.ts';
import type { WireBlocks, WireValue } from './ledger-types.ts';

const canister = (tag: number) =>
  Principal.fromUint8Array(Uint8Array.of(0, 0, 0, 0, 0, 0, 0, tag, 1, 1));
const ARCHIVE = canister(3);
const FROM = { owner: Uint8Array.of(1, 2), subaccount: new Uint8Array(32).fill(4) };

const transfer = (amount: bigint): WireValue => ({
  Map: [
    ['btype', { Text: '1xfer' }],
    ['ts', { Nat: 5n }],
    ['phash', { Blob: new Uint8Array(32) }],
    [
      'tx',
      {
        Map: [
          ['amt', { Nat: amount }],
          ['from', { Array: [{ Blob: FROM.owner }, { Blob: FROM.subaccount }] }],
          ['to', { Array: [{ Blob: FROM.owner }] }],
          ['memo', { Blob: Uint8Array.of(9) }],
        ],
      },
    ],
  ],
});
const block = (id: bigint) => ({ id, block: transfer(id) });
const archived = (start: bigint, length: bigint, id = ARCHIVE, method = 'icrc3_get_blocks') => ({
  args: [{ start, length }],
  callback: [id, method] as const,
});

/** A ledger and an archive that answer with what they are given. */
function network(answers: Record<string, Partial<WireBlocks>>) {
  const runtime = new FakeRuntime();
  const asked: string[] = [];
  runtime.answerCall = ({ canisterId }) => {
    const name = canisterId.toText();
    asked.push(name);
    const answer = answers[name];
    if (answer === undefined) return Promise.resolve(err({ kind: 'not-sent', reason: 'nobody' }));
    const whole = { log_length: 10n, blocks: [], archived_blocks: [], ...answer };
    return Promise.resolve(ok(new Uint8Array(IDL.encode([Icrc3GetBlocksResult], [whole]))));
  };
  return { runtime, asked };
}

const RANGE = { start: 4n, length: 4n };

async function indexesOf(answers: Record<string, Partial<WireBlocks>>): Promise<unknown> {
  const page = await fetchBlocks(network(answers).runtime, LEDGER, RANGE);
  return page.kind === 'err' ? page.error : page.value.blocks.map(({ index }) => index);
}

describe('fetchBlocks', () => {
  it('joins what the archive has with what the ledger has', async () => {
    const answers = {
      [LEDGER.toText()]: { blocks: [block(6n), block(7n)], archived_blocks: [archived(4n, 2n)] },
      [ARCHIVE.toText()]: { log_length: 6n, blocks: [block(4n), block(5n)] },
    };
    const page = await fetchBlocks(network(answers).runtime, LEDGER, RANGE);
    expect(page).toMatchObject({ kind: 'ok', value: { logLength: 10n } });
    expect(await indexesOf(answers)).toEqual([4n, 5n, 6n, 7n]);
  });

  it('stops at the first block that nobody gave', async () => {
    const ledger = (ids: bigint[]) => ({ [LEDGER.toText()]: { blocks: ids.map(block) } });
    expect(await indexesOf(ledger([4n, 6n, 7n]))).toEqual([4n]);
    expect(await indexesOf(ledger([5n, 6n]))).toEqual([]);
  });

  it('ignores blocks that were not asked for', async () => {
    const blocks = [3n, 4n, 8n, 100n].map(block);
    expect(await indexesOf({ [LEDGER.toText()]: { blocks } })).toEqual([4n]);
  });

  it('fails as a whole if an archive does not answer', async () => {
    const ledger = { blocks: [block(6n)], archived_blocks: [archived(4n, 2n)] };
    expect(await indexesOf({ [LEDGER.toText()]: ledger })).toContain('archive');
  });

  it.each([
    ['another method', archived(4n, 2n, ARCHIVE, 'icrc1_transfer')],
    ['this canister', archived(4n, 2n, new FakeRuntime().self())],
    ['the management canister', archived(4n, 2n, Principal.managementCanister())],
    ['a person', archived(4n, 2n, Principal.fromUint8Array(new Uint8Array(29).fill(2)))],
  ])('calls nothing when the ledger names %s as its archive', async (_name, callback) => {
    const { runtime, asked } = network({ [LEDGER.toText()]: { archived_blocks: [callback] } });
    const page = await fetchBlocks(runtime, LEDGER, RANGE);
    expect(page.kind).toBe('err');
    expect(asked).toEqual([LEDGER.toText()]);
  });

  it('asks no archive for more than it was asked itself, and follows it no further', async () => {
    const answers = {
      [LEDGER.toText()]: { archived_blocks: [archived(0n, 100n), archived(4n, 1n)] },
      [ARCHIVE.toText()]: { blocks: [block(4n)], archived_blocks: [archived(5n, 1n)] },
    };
    const { runtime, asked } = network(answers);
    await fetchBlocks(runtime, LEDGER, RANGE);
    expect(asked).toEqual([LEDGER.toText(), ARCHIVE.toText()]);
  });

  it('reads both forms of a block, and nothing it does not understand', async () => {
    const tx = (fields: [string, WireValue][]): WireValue => ({ Map: [['tx', { Map: fields }]] });
    const blocks = [
      block(4n),
      {
        id: 5n,
        block: tx([
          ['op', { Text: 'xfer' }],
          ['amt', { Nat: 5n }],
        ]),
      },
      {
        id: 6n,
        block: tx([
          ['op', { Text: 'burn' }],
          ['amt', { Text: '5' }],
        ]),
      },
      { id: 7n, block: { Text: 'nonsense' } },
    ];
    const { runtime } = network({ [LEDGER.toText()]: { blocks } });
    const page = await fetchBlocks(runtime, LEDGER, RANGE);
    const none = { from: undefined, to: undefined, memo: undefined, timestampNs: undefined };
    expect(page.kind === 'ok' ? page.value.blocks : []).toEqual([
      {
        ...{ index: 4n, kind: 'transfer', timestampNs: 5n, amount: 4n, from: FROM },
        ...{ to: { owner: FROM.owner, subaccount: undefined }, memo: Uint8Array.of(9) },
      },
      { index: 5n, kind: 'transfer', amount: 5n, ...none },
      { index: 6n, kind: 'burn', amount: undefined, ...none },
      { index: 7n, kind: 'other', amount: undefined, ...none },
    ]);
  });
});
