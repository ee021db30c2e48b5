import { describe, expect, it } from 'vitest';
import { WorkError } from '../core/work-error.ts';
import type { CloudServer } from '../ports/cloud.port.ts';
import { FakeClock } from '../testing/fake-clock.fake.ts';
import { SharedList } from './shared-list.ts';

const SERVER: CloudServer = {
  externalId: '7',
  name: 'dc-market-7',
  status: 'running',
  labels: {},
  ipv4: undefined,
  ipv6: undefined,
  createdAtMs: undefined,
};

/** Of somebody who does not give up. */
function patience(): AbortSignal {
  return new AbortController().signal;
}

class Source {
  readonly clock = new FakeClock();
  readonly signals: AbortSignal[] = [];
  readonly list = new SharedList({
    clock: this.clock,
    read: async (signal) => {
      this.signals.push(signal);
      await this.clock.sleep(300, signal);
      if (this.failure !== undefined) throw this.failure;
      return [SERVER];
    },
  });
  failure: WorkError | undefined;
}

describe('SharedList', () => {
  it('reads once for all who ask at one time', async () => {
    const { list, clock, signals } = new Source();
    const all = Array.from({ length: 50 }, () => list.atMost(5_000, patience()));
    const [first] = await clock.give(Promise.all(all));
    expect(signals).toHaveLength(1);
    expect(first?.servers.get('7')).toEqual(SERVER);
    expect(first?.askedAtMs).toBe(0);
  });

  it('is as old as it was asked for, and read again when it is too old', async () => {
    const { list, clock, signals } = new Source();
    await clock.give(list.atMost(0, patience()));
    await clock.advance(1_700);
    await clock.give(list.atMost(2_000, patience()));
    expect(signals).toHaveLength(1);
    await clock.advance(1);
    const again = await clock.give(list.atMost(2_000, patience()));
    expect(signals).toHaveLength(2);
    expect(again.askedAtMs).toBe(2_001);
  });

  it('does not wait for a reading that began too early', async () => {
    const { list, clock, signals } = new Source();
    const early = list.atMost(5_000, patience());
    await clock.advance(100);
    const late = await clock.give(list.atMost(50, patience()));
    expect(late.askedAtMs).toBe(100);
    await early;
    expect(signals).toHaveLength(2);
    expect((await list.atMost(1_000, patience())).askedAtMs).toBe(100);
  });

  it('tells a failure to all who wait, and tries again for the next', async () => {
    const source = new Source();
    const { list, clock, signals } = source;
    source.failure = new WorkError('transient', 'no answer');
    const both = await clock.give(
      Promise.allSettled([list.atMost(0, patience()), list.atMost(0, patience())]),
    );
    expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    source.failure = undefined;
    await clock.give(list.atMost(60_000, patience()));
    expect(signals).toHaveLength(2);
  });

  it('goes on for the others when one gives up, and stops when all have', async () => {
    const { list, clock, signals } = new Source();
    const [one, two] = [new AbortController(), new AbortController()];
    const first = list.atMost(0, one.signal);
    const second = list.atMost(0, two.signal);
    one.abort();
    await expect(first).rejects.toMatchObject({ class: 'transient' });
    expect(signals[0]?.aborted).toBe(false);
    two.abort();
    await expect(second).rejects.toMatchObject({ class: 'transient' });
    expect(signals[0]?.aborted).toBe(true);
    await clock.give(list.atMost(60_000, patience()));
    expect(signals).toHaveLength(2);
    await expect(list.atMost(0, one.signal)).rejects.toThrow('given up');
  });
});
