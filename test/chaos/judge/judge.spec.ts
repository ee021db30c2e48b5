import { describe, expect, it } from 'vitest';
import type { Claim, Evidence, RentalLife, ServerLife } from './evidence.ts';
import { judge } from './judge.ts';

const SECOND_NS = 1_000_000_000n;

function server(rental: number, change: Partial<ServerLife> = {}): ServerLife {
  return {
    cloud: 'one',
    externalId: `${rental}01`,
    name: `dc-chaos-${rental}`,
    labels: {
      'managed-by': 'decent-cloud',
      'dc-installation': 'chaos',
      'dc-rental': rental.toString(),
    },
    createdAtMs: 1_000,
    goneAtMs: 5_000,
    ...change,
  };
}

function rental(rentalId: number, change: Partial<RentalLife> = {}): RentalLife {
  const money = [{ deposited: 100n, isDecided: true, refunded: 40n, refundOpen: 0n }];
  const life = { stage: 'closed', wasReady: true, isMachineGone: true, recipe: 'none' } as const;
  return { rentalId, ...life, money, ...change };
}

function claim(worker: string, epoch: number, atSeconds: bigint): Claim {
  return { jobId: 7, epoch, worker, atNs: atSeconds * SECOND_NS };
}

/** One rental was ready, one was refunded, and a bridge died at 10 s with job 7 in hand. */
const SOUND: Evidence = {
  installation: 'chaos',
  servers: [server(1), server(2)],
  paid: [1, 2],
  rentals: [
    rental(1),
    rental(2, {
      wasReady: false,
      money: [{ deposited: 100n, isDecided: true, refunded: 100n, refundOpen: 0n }],
    }),
  ],
  jobs: [{ jobId: 7, rentalId: 1, kind: 'Provision', problem: '', endedAtNs: 40n * SECOND_NS }],
  claims: [claim('a', 1, 5n), claim('b', 2, 32n)],
  questions: [20n, 32n, 50n].map((at) => ({ atNs: at * SECOND_NS, hadRoom: true })),
  signs: [],
  leaseEnds: [{ jobId: 7, epoch: 2, atNs: 40n * SECOND_NS }],
  deaths: [{ worker: 'a', atNs: 10n * SECOND_NS }],
  solvency: [{ symbol: 'ckUSDC', difference: 0n, shortfall: 0n }],
};

function withRental(change: Partial<RentalLife>): Evidence {
  return { ...SOUND, rentals: [rental(1), rental(2, { wasReady: false, ...change })] };
}

describe('the judge of the chaos simulation', () => {
  it('finds nothing where nothing is wrong', () => {
    expect(judge(SOUND)).toEqual({
      ...{ rentals: 2, active: 1, refunded: 1, doubles: 0, orphans: 0, lost: 0, insolvent: 0 },
      ...{ handovers: 1, handoverMaxMs: 22_000, questionsMax: 1, troubles: [], isSound: true },
    });
  });

  describe('of servers', () => {
    it('sees two of one rental at the same time, though both are gone', () => {
      const other = server(1, { externalId: '102', createdAtMs: 4_999, goneAtMs: 6_000 });
      const verdict = judge({ ...SOUND, servers: [...SOUND.servers, other] });
      expect(verdict).toMatchObject({ doubles: 1, orphans: 0, isSound: false });
      expect(verdict.troubles.join()).toContain('server 101');
    });

    it('sees two of one rental in two accounts', () => {
      const other = server(1, { cloud: 'two', goneAtMs: 6_000 });
      expect(judge({ ...SOUND, servers: [...SOUND.servers, other] }).doubles).toBe(1);
    });

    it('takes one after the other for no double', () => {
      const other = server(1, { externalId: '102', createdAtMs: 5_000, goneAtMs: 6_000 });
      expect(judge({ ...SOUND, servers: [...SOUND.servers, other] }).isSound).toBe(true);
    });

    it('sees one that was left, also for a rental that nobody knows', () => {
      const left = [server(1, { goneAtMs: undefined }), server(77, { goneAtMs: undefined })];
      expect(judge({ ...SOUND, servers: left })).toMatchObject({ orphans: 2, isSound: false });
    });

    it('leaves alone what is not ours', () => {
      const foreign = server(1, { labels: { 'dc-rental': '1' }, goneAtMs: undefined });
      const neighbour = server(1, {
        labels: { ...server(1).labels, 'dc-installation': 'other' },
        goneAtMs: undefined,
      });
      const servers = [...SOUND.servers, foreign, neighbour];
      expect(judge({ ...SOUND, servers }).isSound).toBe(true);
    });

    it('sees that a server of somebody else was deleted', () => {
      const foreign = server(1, { labels: {}, name: 'theirs' });
      const verdict = judge({ ...SOUND, servers: [...SOUND.servers, foreign] });
      expect(verdict.troubles.join()).toContain('was not ours');
    });

    it('sees one of ours that nobody could find again', () => {
      const labels = { 'managed-by': 'decent-cloud', 'dc-installation': 'chaos' };
      const verdict = judge({ ...SOUND, servers: [server(1, { labels })] });
      expect(verdict.troubles.join()).toContain('does not say whose it is');
    });
  });

  describe('of rentals', () => {
    it.each<[string, Partial<RentalLife>, string]>([
      ['is paid and waits for ever', { stage: 'provisioning' }, 'still provisioning'],
      ['is paid and never closes', { stage: 'ending' }, 'still ending'],
      [
        'keeps a part of the money without a machine',
        { money: [{ deposited: 100n, isDecided: true, refunded: 99n, refundOpen: 0n }] },
        'only 99 went back',
      ],
      [
        'has a refund that did not arrive',
        { money: [{ deposited: 100n, isDecided: true, refunded: 100n, refundOpen: 100n }] },
        'did not arrive',
      ],
      [
        'is closed with undecided money',
        { money: [{ deposited: 100n, isDecided: false, refunded: 100n, refundOpen: 0n }] },
        'not decided',
      ],
    ])('sees one that %s', (_, change, words) => {
      const verdict = judge(withRental(change));
      expect(verdict).toMatchObject({ lost: 1, refunded: 0, active: 1, isSound: false });
      expect(verdict.troubles.join()).toContain(words);
    });

    it('waits for the cloud, not for what is held back of a machine that was used', () => {
      const used = { ...SOUND, paid: [1], rentals: [rental(1, { stage: 'ending' })] };
      expect(judge(used).isSound).toBe(true);
      const there = { ...used, rentals: [rental(1, { stage: 'ending', isMachineGone: false })] };
      expect(judge(there)).toMatchObject({ lost: 1, isSound: false });
    });

    it('takes one that was never paid for no loss', () => {
      const money = [{ deposited: 0n, isDecided: false, refunded: 0n, refundOpen: 0n }];
      const unpaid = { ...withRental({ stage: 'quoted', money }), paid: [1] };
      expect(judge(unpaid)).toMatchObject({ lost: 0, refunded: 0, isSound: true });
    });

    it('sees that a recipe ran twice on one machine', () => {
      const jobs = SOUND.jobs.map((job) => ({ ...job, problem: 'The recipe failed (exit 1).' }));
      const once = { ...SOUND, paid: [1], jobs, rentals: [rental(1, { recipe: 'runs-once' })] };
      expect(judge(once).troubles.join()).toContain('run twice');
      const fails = { ...once, rentals: [rental(1, { recipe: 'always-fails' })] };
      expect(judge(fails).isSound).toBe(true);
    });

    it('sees one that was paid by its renter and is in no books', () => {
      expect(judge({ ...SOUND, paid: [1, 2, 3] })).toMatchObject({ lost: 1, isSound: false });
      const money = [{ deposited: 0n, isDecided: true, refunded: 0n, refundOpen: 0n }];
      expect(judge(withRental({ stage: 'quoted', money }))).toMatchObject({ lost: 1 });
    });

    it('sees money that is missing', () => {
      for (const change of [{ difference: -1n }, { shortfall: 1n }]) {
        const solvency = SOUND.solvency.map((one) => ({ ...one, ...change }));
        expect(judge({ ...SOUND, solvency })).toMatchObject({ insolvent: 1, isSound: false });
      }
    });

    it('sees a job that never ended', () => {
      const jobs = SOUND.jobs.map((job) => ({ ...job, endedAtNs: undefined }));
      expect(judge({ ...SOUND, jobs }).troubles.join()).toContain('never ended');
    });
  });

  describe('of the evidence', () => {
    it.each<[string, Partial<Evidence>]>([
      ['no cloud was seen', { servers: [] }],
      ['no cloud was seen', { servers: [server(1, { labels: { 'dc-rental': '1' } })] }],
      ['nobody was seen to take its job', { claims: [], deaths: [] }],
      ['nobody was seen to take its job', { jobs: [] }],
      ['no rental was seen', { rentals: [], paid: [] }],
      ['books were not seen', { solvency: [] }],
    ])('sees that %s', (words, change) => {
      const verdict = judge({ ...SOUND, ...change });
      expect(verdict.troubles.join()).toContain(words);
      expect(verdict.isSound).toBe(false);
    });
  });

  describe('of handovers', () => {
    it('sees a slow one', () => {
      const claims = [claim('a', 1, 5n), claim('b', 2, 40n)];
      expect(judge({ ...SOUND, claims })).toMatchObject({ handoverMaxMs: 30_000, isSound: false });
    });

    it('counts who asked in vain after the lease had ended', () => {
      const ask = (atSeconds: number, hadRoom = true) => ({
        atNs: BigInt(atSeconds) * SECOND_NS,
        hadRoom,
      });
      const early = [ask(6), ask(29), ask(30)];
      const asking = (...more: ReturnType<typeof ask>[]) =>
        judge({ ...SOUND, questions: [...early, ...more, ask(32), ask(33)] });
      expect(asking()).toMatchObject({ questionsMax: 1, isSound: true });
      expect(asking(ask(31), ask(31))).toMatchObject({ questionsMax: 3, isSound: true });
      expect(asking(ask(31, false))).toMatchObject({ questionsMax: 1 });
      const many = asking(...Array.from({ length: 10 }, () => ask(31)));
      expect(many.isSound).toBe(false);
      expect(many.troubles.join()).toContain('was not given to 11 who asked');
      const late = { jobId: 7, epoch: 1, atNs: 6n * SECOND_NS };
      const extended = { ...SOUND, signs: [late], questions: [ask(31), ask(32)] };
      expect(judge(extended).questionsMax).toBe(1);
    });

    it('takes another limit of the time', () => {
      const claims = [claim('a', 1, 5n), claim('b', 2, 40n)];
      const evidence = { ...SOUND, claims };
      expect(judge(evidence, { handoverLimitMs: 31_000 }).isSound).toBe(true);
      expect(judge(evidence, { handoverLimitMs: 30_000 }).isSound).toBe(false);
    });

    it('counts from a request of the dead that arrived late, and from no other', () => {
      const claims = [claim('a', 1, 5n), claim('b', 2, 40n)];
      const late = { jobId: 7, epoch: 1, atNs: 18n * SECOND_NS };
      expect(judge({ ...SOUND, claims, signs: [late] }).handoverMaxMs).toBe(22_000);
      for (const other of [
        { ...late, epoch: 2 },
        { ...late, jobId: 8 },
        { ...late, atNs: 9n },
      ]) {
        expect(judge({ ...SOUND, claims, signs: [other] }).handoverMaxMs).toBe(30_000);
      }
    });

    it('sees a job that nobody took up', () => {
      const jobs = SOUND.jobs.map((job) => ({ ...job, endedAtNs: undefined }));
      const verdict = judge({ ...SOUND, jobs, claims: [claim('a', 1, 5n)] });
      expect(verdict.handoverMaxMs).toBe(Number.POSITIVE_INFINITY);
      expect(verdict.troubles.join()).toContain('never taken up again');
    });

    it('counts until the end of a job that was ended without another claim', () => {
      expect(judge({ ...SOUND, claims: [claim('a', 1, 5n)] }).handoverMaxMs).toBe(30_000);
    });

    it('counts no job that the dead had not in hand any more', () => {
      const told = { ...SOUND, leaseEnds: [{ jobId: 7, epoch: 1, atNs: 9n * SECOND_NS }] };
      expect(judge(told)).toMatchObject({ handovers: 0, handoverMaxMs: 0 });
      const moved = { ...SOUND, claims: [claim('a', 1, 5n), claim('b', 2, 9n)] };
      expect(judge(moved)).toMatchObject({ handovers: 0, handoverMaxMs: 0 });
    });

    it('sees a lease that two workers have', () => {
      const claims = [...SOUND.claims, claim('c', 2, 33n)];
      expect(judge({ ...SOUND, claims }).troubles.join()).toContain('both have epoch 2');
    });
  });
});
