import { Principal } from '@dfinity/principal';
import { describe, expect, it } from 'vitest';
import { timestampNs } from '@decent-cloud/domain/time.ts';
import { FakeMemories } from '@decent-cloud/kit/testing/memories.fake.ts';
import { FakeRuntime } from '@decent-cloud/kit/testing/runtime.fake.ts';
import { openStorage } from '../storage/rental-storage.ts';
import { putProfile } from './put-profile.flow.ts';

const alice = Principal.fromUint8Array(Uint8Array.of(1));
const bob = Principal.fromUint8Array(Uint8Array.of(2));

function newCanister() {
  const { open } = new FakeMemories();
  const runtime = new FakeRuntime();
  return { runtime, storage: openStorage(open), reopen: () => openStorage(open) };
}

const input = { displayName: 'Ada', ageRecipient: undefined };

describe('putProfile', () => {
  it('gives each account its own id and keeps profiles across an upgrade', () => {
    const canister = newCanister();
    canister.runtime.callerNow = alice;
    expect(putProfile(canister, input)).toMatchObject({ value: { id: 0, displayName: 'Ada' } });
    canister.runtime.callerNow = bob;
    expect(putProfile(canister, input)).toMatchObject({ value: { id: 1 } });
    const upgraded = canister.reopen();
    expect(upgraded.profiles.get(alice)).toMatchObject({ id: 0 });
    expect(upgraded.profiles.get(bob)).toMatchObject({ id: 1 });
  });

  it('changes a profile without giving it another id', () => {
    const canister = newCanister();
    canister.runtime.callerNow = alice;
    canister.runtime.now = timestampNs(5n);
    putProfile(canister, input);
    canister.runtime.now = timestampNs(6n);
    expect(putProfile(canister, { ...input, displayName: 'Grace' })).toEqual({
      kind: 'ok',
      value: { id: 0, displayName: 'Grace', ageRecipient: undefined, createdAt: 5n, updatedAt: 6n },
    });
    expect(canister.storage.accountIds.count()).toBe(1);
  });

  it('stores nothing for the anonymous caller or a refused input', () => {
    const canister = newCanister();
    expect(putProfile(canister, input)).toMatchObject({
      error: { kind: 'request', leaf: { kind: 'not-authenticated' } },
    });
    canister.runtime.callerNow = alice;
    expect(putProfile(canister, { ...input, displayName: '' })).toMatchObject({
      error: { kind: 'request', leaf: { kind: 'invalid-argument', argument: 'display_name' } },
    });
    expect(canister.storage.profiles.size()).toBe(0);
    expect(canister.storage.accountIds.count()).toBe(0);
  });
});
