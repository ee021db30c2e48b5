import { createHash } from 'node:crypto';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as breathe } from 'node:timers/promises';
import { IDL } from '@dfinity/candid';
import { Principal } from '@dfinity/principal';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { installStandardCanisters, standardPrograms } from '../src/cli/standard-network.ts';
import type { Replica } from '../src/core/replica-api.ts';
import type { IngressStatus, MessageId } from '../src/core/types.ts';
import { openPersistentNode, type PersistentNode } from '../src/persist/persistent-node.ts';
import { compileMotoko } from './fixtures/motoko.ts';
import { hashText } from './support/persist-script.ts';

const SUBJECT = new URL('fixtures/pic-subject.mo', import.meta.url);
const GENESIS_NS = 1_700_000_000_000_000_000n;
const SECOND_NS = 1_000_000_000n;
const HOUR_NS = 3_600n * SECOND_NS;
const ALL_IN_JOURNAL = { records: 1_000_000, bytes: 1 << 30 };
const SNAPSHOT_AT_EVERY_REST = { records: 1, bytes: 1 };

const CanisterId = IDL.Record({ canister_id: IDL.Principal });
const Install = IDL.Record({
  mode: IDL.Variant({ install: IDL.Null }),
  canister_id: IDL.Principal,
  wasm_module: IDL.Vec(IDL.Nat8),
  arg: IDL.Vec(IDL.Nat8),
});

let folder: string;
let opened: PersistentNode[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'persist-restart-'));
  opened = [];
});

afterEach(() => {
  for (const node of opened) node.close();
  rmSync(folder, { recursive: true });
});

describe.each([
  ['the journal alone', ALL_IN_JOURNAL],
  ['a snapshot', SNAPSHOT_AT_EVERY_REST],
])('a network loaded from %s', (_, snapshotAfter) => {
  it('goes on exactly as the one it is a copy of', async () => {
    const original = open('original', snapshotAfter);
    const canisterId = install(original);
    call(original, canisterId, 'add', [IDL.Nat], [5n]);
    call(original, canisterId, 'mark', [IDL.Text], ['kept in the heap']);
    call(original, canisterId, 'armTimer', [IDL.Nat64], [2n * SECOND_NS]);
    call(original, canisterId, 'random', [], []);
    await breathe();

    const copy = copyOf('original', snapshotAfter);
    expect(hashText(copy)).toBe(hashText(original));
    const results = [original, copy].map((replica) => {
      const random = call(replica, canisterId, 'random', [], []);
      call(replica, canisterId, 'now', [], []);
      call(replica, canisterId, 'now', [], []);
      return [
        Buffer.from(random).toString('hex'),
        ...IDL.decode([IDL.Nat], query(replica, canisterId, 'total')),
        ...IDL.decode([IDL.Text], query(replica, canisterId, 'marked')),
        ...IDL.decode([IDL.Nat], query(replica, canisterId, 'timersRun')),
      ];
    });
    expect(results[0]?.slice(1)).toEqual([5n, 'kept in the heap', 1n]);
    expect(results[1]).toEqual(results[0]);
    expect(hashText(copy)).toBe(hashText(original));
  });

  it('still waits for what a canister was waiting for', async () => {
    const original = open('original', snapshotAfter);
    const canisterId = install(original);
    await breathe();
    const id = submit(
      original,
      canisterId,
      'fetch',
      IDL.encode([IDL.Text], ['https://example.org/']),
    );
    tick(original);
    await breathe();
    expect(original.isAtRest()).toBe(false);

    const copy = copyOf('original', snapshotAfter);
    expect(copy.ingressStatus(id).kind).toBe('processing');
    expect(copy.pendingHttpOutcalls()).toEqual(original.pendingHttpOutcalls());
    for (const replica of [original, copy]) {
      const [outcall] = replica.pendingHttpOutcalls();
      const body = new TextEncoder().encode('the answer');
      const answer = { kind: 'reply' as const, status: 200, headers: [], body };
      replica.answerHttpOutcall(outcall?.id ?? -1, answer);
      tick(replica);
      expect(IDL.decode([IDL.Text], dataOf(replica.ingressStatus(id)))).toEqual([
        '200 the answer 0',
      ]);
    }
    expect(hashText(copy)).toBe(hashText(original));
  });
});

describe('a network that is closed', () => {
  it('takes nothing more', () => {
    const replica = open('original', ALL_IN_JOURNAL);
    const before = hashText(replica);
    opened[0]?.close();
    expect(() => replica.round(GENESIS_NS + HOUR_NS)).toThrow(/is closed/);
    expect(hashText(replica)).toBe(before);
  });

  it('leaves an input that cannot be applied out of the journal', () => {
    const replica = open('original', ALL_IN_JOURNAL);
    const answer = { kind: 'reject' as const, code: 2 as const, message: 'late' };
    expect(() => replica.answerHttpOutcall(7, answer)).toThrow(/no HTTPS outcall 7/);
    expect(() => replica.addCycles(Principal.fromText('aaaaa-aa'), 1n)).toThrow(/not found/);
    tick(replica);
    expect(hashText(copyOf('original', ALL_IN_JOURNAL))).toBe(hashText(replica));
  });
});

function open(name: string, snapshotAfter: { records: number; bytes: number }): Replica {
  const persistent = openPersistentNode({
    stateDir: join(folder, name),
    genesis: installStandardCanisters,
    programs: standardPrograms,
    node: { timeNs: GENESIS_NS },
    snapshotAfter,
  });
  opened.push(persistent);
  return persistent.node.replica;
}

/** What a process finds that starts after this one was killed at this moment. */
function copyOf(name: string, snapshotAfter: { records: number; bytes: number }): Replica {
  cpSync(join(folder, name), join(folder, 'copy'), { recursive: true });
  rmSync(join(folder, 'copy', 'lock'));
  return open('copy', snapshotAfter);
}

function install(replica: Replica): Principal {
  const management = Principal.managementCanister();
  const settings = { amount: [10_000_000_000_000n] };
  const Create = IDL.Record({ amount: IDL.Opt(IDL.Nat) });
  const method = 'provisional_create_canister_with_cycles';
  const created = call(replica, management, method, [Create], [settings]);
  const [record] = IDL.decode([CanisterId], created) as unknown as [{ canister_id: Principal }];
  const { canister_id } = record;
  const code = {
    mode: { install: null },
    canister_id,
    wasm_module: compileMotoko(SUBJECT),
    arg: IDL.encode([IDL.Nat], [0n]),
  };
  call(replica, management, 'install_code', [Install], [code]);
  return canister_id;
}

/** Runs a call to its end; each takes a second of the network's time a round. */
function call(
  replica: Replica,
  canisterId: Principal,
  method: string,
  types: IDL.Type[],
  values: unknown[],
): Uint8Array {
  const id = submit(replica, canisterId, method, IDL.encode(types, values));
  tick(replica);
  return dataOf(replica.ingressStatus(id));
}

/** Ids follow from the network's time, so that a copy gives its messages the same. */
function submit(
  replica: Replica,
  canisterId: Principal,
  method: string,
  arg: Uint8Array,
): MessageId {
  const unique = `${method} ${replica.timeNs().toString()}`;
  const id = createHash('sha256').update(unique).digest('hex') as MessageId;
  const sender = Principal.anonymous();
  const expiryNs = GENESIS_NS + HOUR_NS;
  const outcome = replica.submit({ id, sender, canisterId, method, arg, expiryNs });
  if (outcome.kind === 'refused') throw new Error(outcome.reject.message);
  return id;
}

function tick(replica: Replica): void {
  replica.round(replica.timeNs() + SECOND_NS);
}

function query(replica: Replica, canisterId: Principal, method: string): Uint8Array {
  const arg = IDL.encode([], []);
  const response = replica.query({ sender: Principal.anonymous(), canisterId, method, arg });
  if (response.kind === 'reject') throw new Error(response.message);
  return new Uint8Array(response.data);
}

function dataOf(status: IngressStatus): Uint8Array {
  if (status.kind !== 'replied') throw new Error(`message is ${status.kind}`);
  return new Uint8Array(status.data);
}
