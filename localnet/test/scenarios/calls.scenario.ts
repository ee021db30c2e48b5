import { createIdentity, generateRandomIdentity } from '@dfinity/pic';
import { Principal } from '@icp-sdk/core/principal';
import { describe, expect, it } from 'vitest';
import { subjectIdl, type SubjectService } from '../fixtures/pic-subject.ts';
import { rawCanisterWasm } from '../fixtures/raw-canister.ts';
import { openPic } from '../../src/testing/pic.ts';
import { addSubject, EMPTY_ARG, openSubject, rejection } from './world.ts';

/** Updates, queries, callers, rejects, traps and deferred calls. */
export function callScenarios(): void {
  describe('calls', () => {
    it('keeps what an update did and forgets what a query did', async () => {
      const { subject } = await openSubject();
      expect(await subject.add(2n)).toBe(7n);
      expect(await subject.addInQuery(100n)).toBe(107n);
      expect(await subject.total()).toBe(7n);
    });

    it('shows the identity or principal that calls', async () => {
      const { subject } = await openSubject();
      expect((await subject.whoami()).isAnonymous()).toBe(true);
      const alice = createIdentity('alice');
      subject.setIdentity(alice);
      expect((await subject.whoami()).toText()).toBe(alice.getPrincipal().toText());
      const bob = generateRandomIdentity().getPrincipal();
      subject.setPrincipal(bob);
      expect((await subject.whoamiQuery()).toText()).toBe(bob.toText());
    });

    it('takes raw calls with a sender', async () => {
      const { pic, subject, canisterId } = await openSubject();
      const sender = createIdentity('carol').getPrincipal();
      const options = { canisterId, sender, arg: EMPTY_ARG };
      const update = await pic.updateCall({ ...options, method: 'whoami' });
      const query = await pic.queryCall({ ...options, method: 'whoamiQuery' });
      expect(query).toEqual(update);
      expect(await subject.total()).toBe(5n);
    });

    it('reports a reject with its message and codes', async () => {
      const { subject } = await openSubject();
      await expect(subject.fail('no such order')).rejects.toThrow(/no such order/);
      await expect(subject.fail('again')).rejects.toThrow(rejection({ reject: 4, error: 406 }));
    });

    it('undoes what a trapping update did', async () => {
      const { subject } = await openSubject();
      await expect(subject.stop('broken')).rejects.toThrow(rejection({ reject: 5, error: 503 }));
      expect(await subject.total()).toBe(5n);
    });

    it('keeps what happened before an await when the rest traps', async () => {
      const { pic, subject } = await openSubject();
      const peer = await addSubject(pic);
      await expect(subject.addThenStop(peer.canisterId, 10n)).rejects.toThrow(/after the call/);
      expect(await subject.total()).toBe(6n);
      expect(await peer.subject.total()).toBe(15n);
    });

    it('hands a reject of one canister to the other', async () => {
      const { pic, subject } = await openSubject();
      const peer = await addSubject(pic);
      expect(await subject.failAt(peer.canisterId, 'not today')).toBe('not today');
    });

    it('lets inspect_message refuse an update, by a trap as Motoko does', async () => {
      const { subject } = await openSubject();
      expect(await subject.onlyOdd(3n)).toBe(3n);
      await expect(subject.onlyOdd(4n)).rejects.toThrow(rejection({ reject: 5, error: 503 }));
    });

    it('lets inspect_message refuse an update by not accepting it', async () => {
      const pic = await openPic();
      const canisterId = await pic.createCanister();
      await pic.installCode({ canisterId, wasm: await rawCanisterWasm() });
      const store = (arg: Uint8Array) => pic.updateCall({ canisterId, method: 'store', arg });
      await expect(store(new Uint8Array(13))).rejects.toThrow(rejection({ reject: 4, error: 406 }));
      expect(await store(new Uint8Array(12))).toHaveLength(0);
    });

    it('rejects calls to methods and canisters that do not exist', async () => {
      const { pic, canisterId } = await openSubject();
      const call = { canisterId, method: 'missing', arg: EMPTY_ARG };
      await expect(pic.updateCall(call)).rejects.toThrow(/Reject code: 5/);
      await expect(pic.queryCall(call)).rejects.toThrow(rejection({ reject: 5, error: 536 }));
      const next = Principal.fromUint8Array(nextId(canisterId.toUint8Array()));
      const nobody = { canisterId: next, method: 'total', arg: EMPTY_ARG };
      await expect(pic.queryCall(nobody)).rejects.toThrow(rejection({ reject: 3, error: 301 }));
      await expect(pic.updateCall(nobody)).rejects.toThrow(rejection({ reject: 3, error: 301 }));
    });

    it('refuses a canister id that belongs to no subnet', async () => {
      const { pic } = await openSubject();
      const canisterId = Principal.fromText('ryjl3-tyaaa-aaaaa-aaaba-cai');
      const call = pic.updateCall({ canisterId, method: 'symbol', arg: EMPTY_ARG });
      await expect(call).rejects.toThrow(/BadIngressMessage.*does not belong to any subnet/);
    });
  });

  describe('deferred calls', () => {
    it('run only when time is given, in the order they were submitted', async () => {
      const { pic, subject, canisterId } = await openSubject();
      const deferred = pic.createDeferredActor<SubjectService>(subjectIdl, canisterId);
      const first = await deferred.add(1n);
      const second = await deferred.add(10n);
      const third = await deferred.add(100n);
      expect(await subject.total()).toBe(5n);
      await pic.tick();
      expect(await subject.total()).toBe(116n);
      expect(await third()).toBe(116n);
      expect(await first()).toBe(6n);
      expect(await second()).toBe(16n);
    });

    it('run when they are awaited, with their own sender', async () => {
      const { pic, canisterId } = await openSubject();
      const deferred = pic.createDeferredActor<SubjectService>(subjectIdl, canisterId);
      const dave = createIdentity('dave');
      deferred.setIdentity(dave);
      const asDave = await deferred.whoami();
      deferred.setPrincipal(Principal.anonymous());
      const asNobody = await deferred.whoami();
      expect((await asNobody()).isAnonymous()).toBe(true);
      expect((await asDave()).toText()).toBe(dave.getPrincipal().toText());
    });

    it('are refused at once by inspect_message', async () => {
      const { pic, canisterId } = await openSubject();
      const deferred = pic.createDeferredActor<SubjectService>(subjectIdl, canisterId);
      await expect(deferred.onlyOdd(2n)).rejects.toThrow(rejection({ reject: 5, error: 503 }));
    });
  });
}

/** The id after this one, which nobody has yet. */
function nextId(id: Uint8Array): Uint8Array {
  const bytes = Uint8Array.from(id);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, view.getBigUint64(0) + 1n);
  return bytes;
}
