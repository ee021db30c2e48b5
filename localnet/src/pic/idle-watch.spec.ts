import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { IdleWatch } from './idle-watch.ts';

describe('IdleWatch', () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  it('counts from the end of the last request', async () => {
    const watch = new IdleWatch();
    const handle = watch.around(() => Promise.resolve(new Response('ok')));
    vi.advanceTimersByTime(5_000);
    expect(watch.idleMs()).toBe(5_000);
    await handle(new Request('http://localhost/'));
    expect(watch.idleMs()).toBe(0);
  });

  it('is not idle while a request runs, and is after one that failed', async () => {
    const watch = new IdleWatch();
    const handle = watch.around(async () => {
      await new Promise((resolve) => setTimeout(resolve, 90_000));
      throw new Error('broken');
    });
    const running = handle(new Request('http://localhost/')).catch(String);
    vi.advanceTimersByTime(80_000);
    expect(watch.idleMs()).toBe(0);
    vi.advanceTimersByTime(10_000);
    expect(await running).toContain('broken');
    vi.advanceTimersByTime(1_000);
    expect(watch.idleMs()).toBe(1_000);
  });

  it('expires once, and only after a quiet time to live', async () => {
    const watch = new IdleWatch();
    const handle = watch.around(() => Promise.resolve(new Response('ok')));
    const onExpired = vi.fn();
    watch.expireAfter(10_000, onExpired);
    vi.advanceTimersByTime(9_000);
    await handle(new Request('http://localhost/'));
    vi.advanceTimersByTime(10_000);
    expect(onExpired).not.toHaveBeenCalled();
    vi.advanceTimersByTime(60_000);
    expect(onExpired).toHaveBeenCalledTimes(1);
  });
});
