import { Principal } from '@dfinity/principal';
import { describe, expect, it } from 'vitest';
import { restoreReplica } from '../src/core/create-replica.ts';
import type { NativeProgram } from '../src/core/native.ts';
import { CMC_SERVICE } from '../src/system/cmc/cmc-idl.ts';
import { createCmc } from '../src/system/cmc/cmc-program.ts';
import { createCyclesLedger } from '../src/system/cycles-ledger/cycles-program.ts';
import { CYCLES_LEDGER_SERVICE } from '../src/system/cycles-ledger/cycles-idl.ts';
import { accountOf } from '../src/system/ledger/core/account.ts';
import { accountIdOf } from '../src/system/ledger/icp/account-identifier.ts';
import { ICP_ARCHIVE_SERVICE, ICP_LEDGER_SERVICE } from '../src/system/ledger/icp/icp-idl.ts';
import { createIcpLedger } from '../src/system/ledger/icp/icp-program.ts';
import { createIcpArchive } from '../src/system/ledger/icp/icp-archive.ts';
import { createIcrcArchive } from '../src/system/ledger/icrc/icrc-archive.ts';
import { ICRC_ARCHIVE_SERVICE, ICRC_LEDGER_SERVICE } from '../src/system/ledger/icrc/icrc-idl.ts';
import { createIcrcLedger } from '../src/system/ledger/icrc/icrc-program.ts';
import { DEFAULT_ARCHIVE_OPTIONS } from '../src/system/ledger/archiving.ts';
import { emptySystemProgram } from '../src/system/program-registry.ts';
import { GOVERNANCE_ID, ICP_LEDGER_ID } from '../src/system/system-ids.ts';
import { CKUSDC } from '../src/system/tokens.ts';
import { installSystemCanisters } from '../src/system/genesis.ts';
import type { WireQueryBlocks } from '../src/system/ledger/icp/icp-wire.ts';
import { FEE } from './fixtures/icrc-scenarios.ts';
import { transferHistory } from './fixtures/ledger-history.ts';
import {
  ALICE,
  call,
  MINTER,
  SECOND_NS,
  transfer,
  type Answer,
  type LedgerWorld,
} from './fixtures/ledger-world.ts';
import { newClient, REPLICA_OPTIONS, START_NS } from './fixtures/ledger-worlds.ts';
import { ReplicaClient } from './fixtures/replica-client.ts';

const ID = Principal.fromText('mxzaz-hqaaa-aaaar-qaada-cai');
const RICH = 1_000_000_000_000n;

function world(
  program: NativeProgram,
  service: LedgerWorld['service'],
  nowNs: bigint,
): LedgerWorld {
  const client = newClient();
  client.replica.installNative(ID, program, RICH);
  client.setNow(nowNs);
  return { client, ledgerId: ID, service };
}

function reloaded(program: NativeProgram): NativeProgram {
  const empty = emptySystemProgram(program.programId);
  if (empty === undefined) throw new Error(`no program ${program.programId}`);
  empty.load(program.save());
  return empty;
}

const icrc = (): NativeProgram =>
  createIcrcLedger({
    config: {
      ...{ tokenName: 'Test', tokenSymbol: 'T', decimals: 8, transferFee: FEE, tokenBits: 256 },
      mintingAccount: accountOf(MINTER),
      feeCollector: accountOf(GOVERNANCE_ID, new Uint8Array(32).fill(4)),
      metadata: [['icrc1:logo', { Text: 'data:' }]],
    },
    nowNs: START_NS,
    initialBalances: [{ account: accountOf(ALICE), amount: RICH }],
  });

const LEDGERS = [
  { name: 'ICRC ledger', create: icrc, service: ICRC_LEDGER_SERVICE, fee: FEE },
  {
    name: 'ICP ledger',
    create: (): NativeProgram =>
      createIcpLedger({
        config: { mintingAccount: accountOf(MINTER), allowsAnonymous: true },
        nowNs: START_NS,
        initialBalances: [{ account: accountIdOf(accountOf(ALICE)), amountE8s: RICH }],
      }),
    service: ICP_LEDGER_SERVICE,
    fee: 10_000n,
  },
  {
    name: 'cycles ledger',
    create: (): NativeProgram =>
      createCyclesLedger({
        nowNs: START_NS,
        initialBalances: [{ account: accountOf(ALICE), amount: RICH }],
      }),
    service: CYCLES_LEDGER_SERVICE,
    fee: 100_000_000n,
  },
];

describe('saved ledgers', () => {
  it.each(LEDGERS)('$name goes on after a load as if nothing had happened', (subject) => {
    const original = subject.create();
    const before = world(original, subject.service, START_NS + SECOND_NS);
    const answers = transferHistory(before, subject.fee);
    expect(answers).toEqual(answers.map((_answer, index) => ({ Ok: BigInt(index) + 1n })));
    const createdAtNs = before.client.nowNs;
    transfer(before, ALICE, { createdAtNs });

    const copy = reloaded(original);
    expect(copy.save()).toEqual(original.save());
    const after = world(copy, subject.service, before.client.nowNs);
    const goOn = (w: LedgerWorld): readonly Answer[] => [
      transfer(w, ALICE, { createdAtNs }),
      transfer(w, ALICE),
      call(w, ALICE, 'icrc1_total_supply'),
      call(w, ALICE, 'icrc1_metadata'),
      call(w, ALICE, 'icrc1_minting_account'),
    ];
    const expected = goOn(before);
    expect(expected[0]).toHaveProperty('Err.Duplicate');
    expect(goOn(after)).toEqual(expected);
    expect(copy.save()).toEqual(original.save());
  });

  it('saves equal bytes for equal histories', () => {
    const [first, second] = [icrc(), icrc()];
    for (const program of [first, second]) {
      transferHistory(world(program, ICRC_LEDGER_SERVICE, START_NS + SECOND_NS), FEE);
    }
    expect(second.save()).toEqual(first.save());
  });
});

describe('a restored replica', () => {
  it('has its ledgers, their archives and the CMC back', () => {
    const client = newClient();
    installSystemCanisters(client.replica, {
      icp: [{ account: accountOf(ALICE), amountE8s: RICH }],
      icpArchive: { triggerThreshold: 10, blocksToArchive: 5 },
      tokens: [CKUSDC],
    });
    client.advance(SECOND_NS);
    const icp = { client, ledgerId: ICP_LEDGER_ID, service: ICP_LEDGER_SERVICE };
    for (let count = 0; count < 12; count += 1) {
      transfer(icp, ALICE, { amount: BigInt(count) });
    }
    const snapshot = client.replica.snapshot();
    const replica = restoreReplica(REPLICA_OPTIONS, snapshot, emptySystemProgram);
    expect(replica.stateHash()).toEqual(client.replica.stateHash());

    const restored = { ...icp, client: new ReplicaClient(replica) };
    restored.client.setNow(client.nowNs);
    expect(transfer(restored, ALICE)).toEqual(transfer(icp, ALICE));
    const range = { start: 0n, length: 3n };
    const blocks = call(restored, ALICE, 'query_blocks', range) as WireQueryBlocks;
    expect(blocks).toEqual(call(icp, ALICE, 'query_blocks', range));
    const [archive] = blocks.archived_blocks;
    if (archive === undefined) throw new Error('nothing was archived');
    const [canisterId, method] = archive.callback;
    const read = (w: LedgerWorld): Answer =>
      w.client.call({ sender: ALICE, canisterId, method }, ICP_ARCHIVE_SERVICE, range);
    expect(read(restored)).toEqual(read(icp));
    expect(read(icp)).toHaveProperty('Ok.blocks.length', 3);
  });
});

describe('saved CMC', () => {
  it('keeps rates and subnet lists', () => {
    const program = createCmc({
      nowNs: START_NS,
      defaultSubnets: [ALICE],
      mintingAccount: accountOf(GOVERNANCE_ID),
      xdrPermyriadPerIcp: 30_000n,
    });
    const w = world(program, CMC_SERVICE, START_NS + SECOND_NS);
    call(w, GOVERNANCE_ID, 'update_subnet_type', { Add: 'fast' });
    call(w, GOVERNANCE_ID, 'change_subnet_type_assignment', {
      Add: { subnets: [MINTER], subnet_type: 'fast' },
    });
    const copy = world(reloaded(program), CMC_SERVICE, w.client.nowNs);
    for (const method of [
      'get_icp_xdr_conversion_rate',
      'get_average_icp_xdr_conversion_rate',
      'get_default_subnets',
      'get_subnet_types_to_subnets',
    ]) {
      expect(call(copy, ALICE, method)).toEqual(call(w, ALICE, method));
    }
    expect(call(copy, ALICE, 'get_subnet_types_to_subnets')).toEqual({
      data: [['fast', [MINTER]]],
    });
  });
});

describe('saved archives', () => {
  const ARCHIVES = [
    { name: 'ICRC', create: createIcrcArchive, service: ICRC_ARCHIVE_SERVICE },
    { name: 'ICP', create: createIcpArchive, service: ICP_ARCHIVE_SERVICE },
  ];

  it.each(ARCHIVES)('of an $name ledger keep blocks, room and owner', ({ create, service }) => {
    const options = { ...DEFAULT_ARCHIVE_OPTIONS, archiveBytesMax: 10 };
    const program = create({ ledger: ALICE, firstBlock: 7, options });
    const w = world(program, service, START_NS);
    call(w, ALICE, 'append_blocks', [Uint8Array.of(1, 2, 3)]);
    const copy = reloaded(program);
    expect(copy.save()).toEqual(program.save());
    const after = world(copy, service, START_NS);
    expect(call(after, ALICE, 'remaining_capacity')).toBe(7n);
    expect(call(after, MINTER, 'append_blocks', [])).toEqual({ reject: 5 });
    expect(call(after, ALICE, 'append_blocks', [new Uint8Array(8)])).toEqual({ reject: 5 });
    expect(call(after, ALICE, 'append_blocks', [new Uint8Array(7)])).toBeUndefined();
  });
});
