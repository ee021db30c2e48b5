import { describe, expect, it } from 'vitest';
import { ok } from '@decent-cloud/domain/result.ts';
import { FakeRuntime } from '../testing/runtime.fake.ts';
import { refuseUpgradeWithOpenCalls } from './open-calls.ts';

describe('refuseUpgradeWithOpenCalls', () => {
  it('lets an upgrade pass while nothing is in flight, and names how much is', async () => {
    const runtime = new FakeRuntime();
    expect(() => refuseUpgradeWithOpenCalls(runtime)).not.toThrow();
    const answers: (() => void)[] = [];
    runtime.answerCall = () =>
      new Promise((resolve) => {
        answers.push(() => resolve(ok(new Uint8Array(0))));
      });
    const request = { canisterId: runtime.self(), method: 'm', arg: new Uint8Array(0) };
    const calls = [runtime.call(request), runtime.call(request)];
    expect(() => refuseUpgradeWithOpenCalls(runtime)).toThrow(
      'stop the canister before upgrading: 2 calls are in flight',
    );
    for (const answer of answers) answer();
    await Promise.all(calls);
    expect(() => refuseUpgradeWithOpenCalls(runtime)).not.toThrow();
  });
});
