import { HttpAgent, Actor } from '@icp-sdk/core/agent';
import { Principal } from '@icp-sdk/core/principal';
import { PocketIc, SubnetStateType, SubnetType } from '@dfinity/pic';
import { describe, expect, inject, it } from 'vitest';
import { subjectIdl, subjectWasm, type SubjectService } from '../fixtures/pic-subject.ts';
import { openPic } from '../../src/testing/pic.ts';
import { addSubject, openSubject, startArg } from './world.ts';

const NEW = { state: { type: SubnetStateType.New } } as const;
const LEDGER_ID = Principal.fromText('ryjl3-tyaaa-aaaaa-aaaba-cai');

/** Instances beside each other, their subnets, and instances that run by themselves. */
export function instanceScenarios(): void {
  describe('instances', () => {
    it('know nothing of each other', async () => {
      const one = await openSubject();
      const other = await openSubject();
      expect(one.canisterId.toText()).toBe(other.canisterId.toText());
      await one.subject.add(1n);
      await one.pic.advanceTime(1_000);
      expect(await other.subject.total()).toBe(5n);
      expect(await other.pic.getTime()).toBe((await one.pic.getTime()) - 1_000);
    });

    it('are gone once torn down', async () => {
      const pic = await PocketIc.create(inject('picUrl'));
      await pic.tearDown();
      await expect(pic.getTime()).rejects.toThrow(/deleted/i);
    });

    it('say where a canister is, and that others are nowhere', async () => {
      const { pic, canisterId } = await openSubject();
      const subnetId = await pic.getCanisterSubnetId(canisterId);
      const [application] = await pic.getApplicationSubnets();
      expect(subnetId?.toText()).toBe(application?.id.toText());
      const nobody = Principal.fromUint8Array(Uint8Array.of(0));
      expect(await pic.getCanisterSubnetId(nobody)).toBeNull();
    });

    it('give new canisters the default effective canister id', async () => {
      const pic = await openPic();
      const expected = await pic.getDefaultEffectiveCanisterId();
      const first = await pic.createCanister();
      expect(first.toText()).toBe(expected.toText());
    });
  });

  describe('subnets', () => {
    it('are those that were asked for', async () => {
      const pic = await openPic({
        nns: NEW,
        sns: NEW,
        ii: NEW,
        fiduciary: NEW,
        bitcoin: NEW,
        system: [NEW],
        application: [NEW, NEW],
      });
      const topology = await pic.getTopology();
      expect(topology.map(({ type }) => type).toSorted()).toEqual([
        SubnetType.Application,
        SubnetType.Application,
        SubnetType.Bitcoin,
        SubnetType.Fiduciary,
        SubnetType.InternetIdentity,
        SubnetType.NNS,
        SubnetType.SNS,
        SubnetType.System,
      ]);
      for (const { id, size, canisterRanges } of topology) {
        expect(size).toBeGreaterThan(0);
        expect(canisterRanges.length).toBeGreaterThan(0);
        expect(await pic.getPubKey(id)).toHaveLength(133);
      }
      expect((await pic.getNnsSubnet())?.type).toBe(SubnetType.NNS);
      expect((await pic.getSnsSubnet())?.type).toBe(SubnetType.SNS);
      expect((await pic.getBitcoinSubnet())?.type).toBe(SubnetType.Bitcoin);
      expect((await pic.getFiduciarySubnet())?.type).toBe(SubnetType.Fiduciary);
      expect((await pic.getInternetIdentitySubnet())?.type).toBe(SubnetType.InternetIdentity);
      expect(await pic.getSystemSubnets()).toHaveLength(1);
    });

    it('hold the canister ids they have on the IC', async () => {
      const pic = await openPic({ nns: NEW, application: [NEW] });
      const canisterId = await pic.createCanister({ targetCanisterId: LEDGER_ID });
      expect(canisterId.toText()).toBe(LEDGER_ID.toText());
      const nns = await pic.getNnsSubnet();
      expect((await pic.getCanisterSubnetId(canisterId))?.toText()).toBe(nns?.id.toText());
      const again = pic.createCanister({ targetCanisterId: LEDGER_ID });
      await expect(again).rejects.toThrow(/Reject code:/);
    });

    it('take new canisters, which call across subnets', async () => {
      const pic = await openPic({ fiduciary: NEW, application: [NEW] });
      const fiduciary = await pic.getFiduciarySubnet();
      if (fiduciary === undefined) throw new Error('No fiduciary subnet');
      const { actor, canisterId } = await pic.setupCanister<SubjectService>({
        idlFactory: subjectIdl,
        wasm: subjectWasm(),
        arg: startArg(1n),
        targetSubnetId: fiduciary.id,
      });
      expect((await pic.getCanisterSubnetId(canisterId))?.toText()).toBe(fiduciary.id.toText());
      const other = await addSubject(pic);
      expect(await other.subject.failAt(canisterId, 'from afar')).toBe('from afar');
      expect(await actor.total()).toBe(1n);
    });

    it('do not know the canisters of another subnet', async () => {
      const { pic, canisterId } = await openSubject({ fiduciary: NEW, application: [NEW] });
      const fiduciary = await pic.getFiduciarySubnet();
      if (fiduciary === undefined) throw new Error('No fiduciary subnet');
      const call = { canisterId, method: 'total', targetSubnetId: fiduciary.id };
      await expect(pic.queryCall(call)).rejects.toThrow(/Reject code: 3/);
    });
  });

  describe('live mode', () => {
    it('serves agents and makes progress by itself', async () => {
      const { pic, canisterId } = await openSubject({ nns: NEW, application: [NEW] });
      const port = await pic.makeLive();
      expect(await pic.makeLive()).toBe(port);
      const agent = await HttpAgent.create({ host: `http://127.0.0.1:${port}` });
      await agent.fetchRootKey();
      const actor = Actor.createActor<SubjectService>(subjectIdl, { agent, canisterId });
      expect(await actor.add(2n)).toBe(7n);
      expect(await actor.total()).toBe(7n);
      const skewMs = Math.abs((await pic.getTime()) - Date.now());
      expect(skewMs).toBeLessThan(60_000);
      await pic.stopLive();
      await expect(fetch(`http://127.0.0.1:${port}/api/v2/status`)).rejects.toThrow();
      const stoppedMs = await pic.getTime();
      expect(await pic.getTime()).toBe(stoppedMs);
    });
  });
}
