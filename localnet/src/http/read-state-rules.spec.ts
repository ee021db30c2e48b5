import { Principal } from '@dfinity/principal';
import { describe, expect, it } from 'vitest';
import { FakeReplica } from '../../test/support/fake-replica.ts';
import type { MessageId } from '../core/types.ts';
import { utf8 } from '../crypto/bytes.ts';
import type { Path } from '../crypto/tree-lookup.ts';
import { UNLIMITED, type Scope } from './delegation.ts';
import { HttpError } from './http-error.ts';
import { assertPathLimits, checkPaths, type ReadStateAccess } from './read-state-rules.ts';

const CANISTER = Principal.fromText('ryjl3-tyaaa-aaaaa-aaaba-cai');
const EMPTY_CANISTER = Principal.fromText('um5iw-rqaaa-aaaaq-qaaba-cai');
const OWNER = Principal.selfAuthenticating(Uint8Array.of(1));
const STRANGER = Principal.selfAuthenticating(Uint8Array.of(2));
const KNOWN = '11'.repeat(32) as MessageId;
const MANAGED = '33'.repeat(32) as MessageId;

const fake = new FakeReplica();
const SUBNET = fake.subnetId;
fake.setCanister(CANISTER, {
  controllers: [OWNER],
  moduleHash: new Uint8Array(32),
  metadata: [
    { name: 'open', isPublic: true, content: utf8('public') },
    { name: 'closed', isPublic: false, content: utf8('private') },
  ],
});
fake.setCanister(EMPTY_CANISTER, { controllers: [OWNER] });
fake.setRequest(KNOWN, { kind: 'processing' }, { sender: OWNER, canisterId: CANISTER });
fake.setRequest(
  MANAGED,
  { kind: 'done' },
  {
    sender: OWNER,
    canisterId: Principal.managementCanister(),
  },
);

type Part = string | Uint8Array;

function pathOf(parts: readonly Part[]): Path {
  return parts.map((part) => (typeof part === 'string' ? utf8(part) : part));
}

function status(
  paths: readonly (readonly Part[])[],
  access: Partial<ReadStateAccess> = {},
): number {
  try {
    checkPaths(paths.map(pathOf), {
      replica: fake.asReplica(),
      sender: OWNER,
      scope: UNLIMITED,
      door: 'canister',
      effectiveId: CANISTER,
      ...access,
    });
    return 200;
  } catch (error) {
    if (error instanceof HttpError) return error.status;
    throw error;
  }
}

const AT_SUBNET: Partial<ReadStateAccess> = { door: 'subnet', effectiveId: SUBNET };
const ID = CANISTER.toUint8Array();
const SUBNET_ID = SUBNET.toUint8Array();
const NODE = Uint8Array.of(9);
const requestId = (id: MessageId): Uint8Array => Buffer.from(id, 'hex');

describe('checkPaths', () => {
  it.each<[readonly Part[], number, number]>([
    [[], 404, 404],
    [['time'], 200, 200],
    [['time', 'x'], 404, 404],
    [['nothing'], 404, 404],
    [['api_boundary_nodes'], 200, 200],
    [['api_boundary_nodes', NODE], 200, 200],
    [['api_boundary_nodes', NODE, 'domain'], 200, 200],
    [['api_boundary_nodes', NODE, 'ipv4_address'], 200, 200],
    [['api_boundary_nodes', NODE, 'colour'], 404, 404],
    [['subnet'], 200, 200],
    [['subnet', SUBNET_ID], 200, 200],
    [['subnet', SUBNET_ID, 'public_key'], 200, 200],
    [['subnet', SUBNET_ID, 'type'], 200, 200],
    [['subnet', SUBNET_ID, 'canister_ranges'], 200, 200],
    [['subnet', SUBNET_ID, 'node'], 200, 200],
    [['subnet', SUBNET_ID, 'node', NODE], 200, 200],
    [['subnet', SUBNET_ID, 'node', NODE, 'public_key'], 200, 200],
    [['subnet', SUBNET_ID, 'node', NODE, 'colour'], 404, 404],
    [['subnet', SUBNET_ID, 'metrics'], 404, 200],
    [['subnet', NODE, 'metrics'], 404, 400],
    [['subnet', SUBNET_ID, 'colour'], 404, 404],
    [['canister_ranges'], 404, 404],
    [['canister_ranges', SUBNET_ID], 404, 200],
    [['canister_ranges', SUBNET_ID, ID], 404, 404],
    [['canister', ID, 'controllers'], 200, 404],
    [['canister', ID, 'module_hash'], 200, 404],
    [['canister', ID, 'canister_creation_timestamp'], 200, 404],
    [['canister', ID, 'last_install_timestamp'], 200, 404],
    [['canister', ID, 'certified_data'], 404, 404],
    [['canister', ID, 'metadata'], 404, 404],
    [['canister', ID, 'metadata', 'open'], 200, 404],
    [['canister', ID, 'metadata', 'open', 'x'], 404, 404],
    [['canister', ID, 'metadata', Uint8Array.of(0xff)], 400, 404],
    [['canister', ID], 404, 404],
    [['canister'], 404, 404],
    [['canister', EMPTY_CANISTER.toUint8Array(), 'controllers'], 400, 404],
    [['canister', new Uint8Array(30), 'controllers'], 400, 404],
    [['request_status'], 404, 404],
    [['request_status', requestId(KNOWN)], 200, 400],
    [['request_status', requestId(KNOWN), 'reply'], 200, 400],
    [['request_status', requestId(KNOWN), 'colour'], 404, 404],
    [['request_status', requestId(MANAGED), 'status'], 200, 200],
    [['request_status', new Uint8Array(32), 'status'], 200, 200],
    [['request_status', new Uint8Array(31), 'status'], 400, 400],
  ])('answers %j with %i at a canister and %i at a subnet', (parts, atCanister, atSubnet) => {
    expect([status([parts]), status([parts], AT_SUBNET)]).toEqual([atCanister, atSubnet]);
  });

  it('refuses all paths if it refuses one', () => {
    expect(status([['time'], ['canister', ID]])).toBe(404);
    expect(status([])).toBe(200);
  });

  it('shows a request to its sender and to the delegations for its canister only', () => {
    const path = [['request_status', requestId(KNOWN), 'status']];
    expect(status(path, { sender: STRANGER })).toBe(403);
    expect(status(path, { sender: Principal.anonymous() })).toBe(403);
    const scope = (id: Principal): Scope => ({
      allowsUpdates: true,
      targets: new Set([id.toHex().toLowerCase()]),
    });
    expect(status(path, { scope: scope(EMPTY_CANISTER) })).toBe(403);
    expect(status(path, { scope: scope(CANISTER) })).toBe(200);
    expect(status(path, { effectiveId: EMPTY_CANISTER })).toBe(400);
  });

  it('takes one request id and one subnet id at a time', () => {
    const status32 = (byte: number) => ['request_status', new Uint8Array(32).fill(byte), 'status'];
    expect(status([status32(7), status32(8)])).toBe(400);
    expect(status([status32(7), status32(7)])).toBe(200);
    const ranges = (id: Uint8Array) => ['canister_ranges', id];
    expect(status([ranges(SUBNET_ID), ranges(NODE)], AT_SUBNET)).toBe(400);
  });

  it('shows private metadata to controllers only', () => {
    const section = (name: string) => [['canister', ID, 'metadata', name]];
    expect(status(section('closed'), { sender: OWNER })).toBe(200);
    expect(status(section('closed'), { sender: STRANGER })).toBe(403);
    expect(status(section('open'), { sender: STRANGER })).toBe(200);
    expect(status(section('missing'), { sender: STRANGER })).toBe(200);
    const ofEmpty = [['canister', EMPTY_CANISTER.toUint8Array(), 'metadata', 'closed']];
    expect(status(ofEmpty, { sender: STRANGER, effectiveId: EMPTY_CANISTER })).toBe(200);
  });
});

describe('assertPathLimits', () => {
  const deep = (labels: number): Path => Array.from({ length: labels }, () => utf8('time'));

  it('takes 1000 paths of 127 labels and no more', () => {
    assertPathLimits(Array.from({ length: 1_000 }, () => deep(127)));
    expect(() => assertPathLimits(Array.from({ length: 1_001 }, () => deep(1)))).toThrow(
      'Too many paths',
    );
    expect(() => assertPathLimits([deep(128)])).toThrow('too deep: got 128 labels');
  });
});
