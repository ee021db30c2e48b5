import { IDL } from '@dfinity/candid';
import { Principal } from '@dfinity/principal';
import { describe, expect, it } from 'vitest';
import { callContent } from '../../test/support/ic-request.ts';
import { encodeCbor } from '../crypto/cbor.ts';
import { assertEffectiveCanisterId, assertEffectiveSubnetId } from './effective-id.ts';
import { parseEnvelope } from './envelope.ts';
import type { CallContent } from './request-content.ts';

const CANISTER = Principal.fromText('ryjl3-tyaaa-aaaaa-aaaba-cai');
const OTHER = Principal.fromText('um5iw-rqaaa-aaaaq-qaaba-cai');
const MANAGEMENT = Principal.managementCanister();
const BELOW_RANGE = Principal.fromHex('00000000000000000001');

function call(fields: {
  kind?: 'call' | 'query';
  canisterId?: Principal;
  method?: string;
  arg?: Uint8Array;
}): CallContent {
  const content = callContent({ canisterId: MANAGEMENT, method: 'm', expiryNs: 0n, ...fields });
  const parsed = parseEnvelope(encodeCbor({ content })).content;
  if (parsed.kind === 'read_state') throw new Error('BUG: not a call');
  return parsed;
}

function argOf(field: string, id: Principal): Uint8Array {
  return IDL.encode(
    [IDL.Record({ [field]: IDL.Principal, extra: IDL.Opt(IDL.Text) })],
    [{ [field]: id, extra: ['x'] }],
  );
}

function isAccepted(content: CallContent, effectiveId: Principal): boolean {
  try {
    assertEffectiveCanisterId(content, effectiveId);
    return true;
  } catch (error) {
    expect(error).toMatchObject({ name: 'HttpError', status: 400 });
    return false;
  }
}

describe('assertEffectiveCanisterId', () => {
  it('wants the canister itself for an ordinary call', () => {
    expect(isAccepted(call({ canisterId: CANISTER }), CANISTER)).toBe(true);
    expect(isAccepted(call({ canisterId: CANISTER }), OTHER)).toBe(false);
    expect(isAccepted(call({ canisterId: CANISTER }), MANAGEMENT)).toBe(false);
    expect(isAccepted(call({ canisterId: BELOW_RANGE }), BELOW_RANGE)).toBe(false);
  });

  it('wants the canister named in the argument of a management call', () => {
    const start = call({ method: 'start_canister', arg: argOf('canister_id', CANISTER) });
    expect(isAccepted(start, CANISTER)).toBe(true);
    expect(isAccepted(start, OTHER)).toBe(false);
    const chunked = call({
      method: 'install_chunked_code',
      arg: argOf('target_canister', CANISTER),
    });
    expect(isAccepted(chunked, CANISTER)).toBe(true);
    expect(isAccepted(chunked, OTHER)).toBe(false);
    const status = argOf('canister_id', CANISTER);
    const query = call({ kind: 'query', method: 'canister_status', arg: status });
    expect(isAccepted(query, OTHER)).toBe(false);
  });

  it('takes any canister id where none is named', () => {
    const method = 'provisional_create_canister_with_cycles';
    expect(isAccepted(call({ method, arg: argOf('canister_id', CANISTER) }), OTHER)).toBe(true);
    expect(isAccepted(call({ method }), MANAGEMENT)).toBe(true);
    expect(isAccepted(call({ kind: 'query', method: 'list_canisters' }), OTHER)).toBe(true);
  });

  it('leaves arguments that do not decode to the replica', () => {
    expect(isAccepted(call({ method: 'start_canister', arg: Uint8Array.of(1) }), OTHER)).toBe(true);
  });
});

describe('assertEffectiveSubnetId', () => {
  const own = Principal.selfAuthenticating(Uint8Array.of(1));
  const at = (effective: Principal) => ({ effective, own });

  it('takes calls that create canisters and the query that lists them', () => {
    assertEffectiveSubnetId(call({ method: 'create_canister' }), at(own));
    assertEffectiveSubnetId(call({ kind: 'query', method: 'list_canisters' }), at(own));
  });

  it.each([
    ['another subnet', call({ method: 'create_canister' }), CANISTER],
    ['another method', call({ method: 'start_canister' }), own],
    ['another canister', call({ canisterId: CANISTER, method: 'create_canister' }), own],
    ['a query to create', call({ kind: 'query', method: 'create_canister' }), own],
  ])('refuses %s', (_, content, effective) => {
    expect(() => assertEffectiveSubnetId(content, at(effective))).toThrow(
      expect.objectContaining({ status: 400 }),
    );
  });
});
