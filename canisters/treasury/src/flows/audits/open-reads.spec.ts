import { Principal } from '@dfinity/principal';
import { describe, expect, it } from 'vitest';
import { OpenReads } from './open-reads.ts';

const [one, two] = [
  Principal.fromUint8Array(Uint8Array.of(1)),
  Principal.fromUint8Array(Uint8Array.of(2)),
];

describe('OpenReads', () => {
  it('has room up to its bounds, for one ledger and for all', async () => {
    const reads = new OpenReads({ inAll: 3, perLedger: 2 });
    const ends: (() => void)[] = [];
    const open = (key: string, ledger: Principal) =>
      reads.during({ key, ledger }, () => new Promise<void>((end) => void ends.push(end)));
    const running = [open('a', one)];
    expect([reads.hasRoom(one), reads.hasRoom(one, [one]), reads.hasRoom(two, [one])]).toEqual([
      ...[true, false, true],
    ]);
    running.push(open('b', one));
    expect([reads.hasRoom(one), reads.hasRoom(two), reads.hasRoom(two, [two])]).toEqual([
      ...[false, true, false],
    ]);
    expect([reads.has('a'), reads.has('c'), reads.size]).toEqual([true, false, 2]);
    for (const end of ends) end();
    await Promise.all(running);
    expect(reads.size).toBe(0);
  });

  it('forgets a read that failed', async () => {
    const reads = new OpenReads({ inAll: 1, perLedger: 1 });
    const failing = reads.during({ key: 'a', ledger: one }, () =>
      Promise.reject(new Error('trap')),
    );
    await expect(failing).rejects.toThrow('trap');
    expect(reads.hasRoom(one)).toBe(true);
  });
});
