import { describe, expect, it } from 'vitest';
import { err, ok, type Result } from '@decent-cloud/domain/result.ts';
import { Guards, isCleanup } from './with-guard.ts';

const busy = { kind: 'err', error: { kind: 'temporary', leaf: { kind: 'busy' } } };

function newGate(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve: () => void = () => undefined;
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve: () => resolve() };
}

describe('Guards', () => {
  it('refuse a second flow on the same key until the first has ended', async () => {
    const guards = new Guards();
    const gate = newGate();
    const first = guards.withGuard('a', async () => {
      await gate.promise;
      return ok(1);
    });
    expect(await guards.withGuard('a', () => Promise.resolve(ok(2)))).toMatchObject(busy);
    expect(await guards.withGuard('b', () => Promise.resolve(ok(3)))).toEqual(ok(3));
    gate.resolve();
    expect(await first).toEqual(ok(1));
    expect(await guards.withGuard('a', () => Promise.resolve(ok(4)))).toEqual(ok(4));
    expect(guards.heldCount).toBe(0);
  });

  it('release the key when the flow refuses or throws', async () => {
    const guards = new Guards();
    const refusal: Result<number, { kind: 'no' }> = err({ kind: 'no' });
    expect(await guards.withGuard('a', () => Promise.resolve(refusal))).toEqual(refusal);
    const failing = guards.withGuard('a', () => Promise.reject(new Error('trap')));
    await expect(failing).rejects.toThrow('trap');
    expect(guards.heldCount).toBe(0);
  });

  it('hold a bounded number of keys', async () => {
    const guards = new Guards();
    const gate = newGate();
    const wait = async () => {
      await gate.promise;
      return ok(0);
    };
    const held = Array.from({ length: 10_000 }, (_, key) => guards.withGuard(`${key}`, wait));
    expect(await guards.withGuard('one more', wait)).toMatchObject(busy);
    gate.resolve();
    await Promise.all(held);
    expect(guards.heldCount).toBe(0);
  });
});

describe('isCleanup', () => {
  it('knows the rejection that follows a trap', () => {
    const cleanup = Object.assign(new Error(), { type: 'CleanupCallback', rejectCode: 10_001 });
    expect(isCleanup(cleanup)).toBe(true);
    for (const other of [undefined, null, 'x', new Error(), { type: 'CallRejected' }]) {
      expect(isCleanup(other)).toBe(false);
    }
  });
});
