import { describe, expect, it } from 'vitest';
import type { Rental } from '../api/wire.ts';
import { badgeOf, CAUSE_WORDS, headlineOf, leftText, machineText } from './rental-words.service.ts';

const NOW_MS = 1_795_000_000_000;
const at = (seconds: number): bigint => BigInt(NOW_MS + seconds * 1_000) * 1_000_000n;
const version = (semver: string): Rental.VersionRef => ({
  recipe_id: 3n,
  number: 0,
  name: 'nextcloud',
  semver,
  script_sha256: 'ab'.repeat(32),
});
const ACTIVE = { since_ns: at(-60), ends_at_ns: at(7_200), power: { On: null } } as const;
const active = (
  change: Partial<Extract<Rental.RentalState, { Active: unknown }>['Active']> = {},
) => ({
  Active: { ...ACTIVE, operation: [] as [], ...change },
});
const OPERATION = { job_id: 1n, since_ns: at(-5), deadline_at_ns: at(600) };
const ENDING: Rental.RentalEnding = {
  cause: { RenterCancelled: null },
  reason: 'You cancelled.',
  at_ns: at(-10),
};
const say = (state: Rental.RentalState, more: { isDown?: boolean; viewer?: 'provider' } = {}) =>
  headlineOf({ rental: { state, due_at_ns: [at(30)] }, viewer: 'renter', nowMs: NOW_MS, ...more });

describe('headlineOf', () => {
  const STATES: readonly (readonly [string, Rental.RentalState, RegExp, number | undefined])[] = [
    ['a locked price', { Quoted: { expires_at_ns: at(60) } }, /nothing is paid yet/, 60],
    ['an expired lock', { Quoted: { expires_at_ns: at(-1) } }, /has expired/, undefined],
    [
      'a payment that is being confirmed',
      { AwaitingPayment: { since_ns: at(-9), deadline_at_ns: at(90), is_cancel_asked: false } },
      /payment is being confirmed$/,
      90,
    ],
    [
      'a payment that is being confirmed and then cancelled',
      { AwaitingPayment: { since_ns: at(-9), deadline_at_ns: at(90), is_cancel_asked: true } },
      /then it is cancelled/,
      90,
    ],
    [
      'a machine that is being made',
      { Provisioning: { since_ns: at(-9), deadline_at_ns: at(1_800) } },
      /is being made/,
      1_800,
    ],
    [
      'a machine that is late',
      { Provisioning: { since_ns: at(-9_000), deadline_at_ns: at(-1) } },
      /promised time is over/,
      -1,
    ],
    ['a running machine', active(), /^Running$/, 7_200],
    ['one that is off', active({ power: { Off: null } }), /switched off$/, 7_200],
    [
      'one that restarts',
      active({ operation: [{ Power: { ...OPERATION, action: { Reboot: null } } }] }),
      /being restarted/,
      7_200,
    ],
    ['new keys', active({ operation: [{ RotateSshKeys: OPERATION }] }), /keys are being/, 7_200],
    [
      'an upgrade',
      active({
        operation: [
          { UpgradeRecipe: { ...OPERATION, from: version('1.4.2'), to: version('1.5.0') } },
        ],
      }),
      /1\.4\.2 → 1\.5\.0/,
      7_200,
    ],
    [
      'an ending',
      {
        Ending: {
          since_ns: at(-5),
          ending: ENDING,
          machine_gone_at_ns: [],
          money_settled_at_ns: [],
        },
      },
      /Cancelled by the renter/,
      30,
    ],
    ['a closed rental', { Closed: { at_ns: at(-5), ending: ENDING } }, /Cancelled by/, undefined],
  ];

  it.each(STATES)('has words and the deadline for %s', (_name, state, title, deadline) => {
    const words = say(state);
    expect(words.title).toMatch(title);
    expect(words.text.length).toBeGreaterThan(10);
    expect(words.label).not.toBe('');
    const atMs = deadline === undefined ? undefined : NOW_MS + deadline * 1_000;
    expect(words.deadline?.atMs).toBe(atMs);
  });

  it('covers every state of the canister', () => {
    const told = new Set(STATES.flatMap(([, state]) => Object.keys(state)));
    expect([...told].sort()).toEqual(
      ['Active', 'AwaitingPayment', 'Closed', 'Ending', 'Provisioning', 'Quoted'].sort(),
    );
  });

  it('says that nothing is taken twice while a payment is open', () => {
    const state = {
      AwaitingPayment: { since_ns: at(-9), deadline_at_ns: at(90), is_cancel_asked: false },
    };
    expect(say(state).text).toContain('never taken twice');
  });

  it('says so when a running machine does not answer, but not while it is off', () => {
    expect(say(active(), { isDown: true })).toMatchObject({ tone: 'bad', label: 'Not answering' });
    expect(say(active({ power: { Off: null } }), { isDown: true }).label).toBe('Switched off');
  });

  it('says what is still to come of an ending', () => {
    const ending = (gone: [] | [bigint], settled: [] | [bigint]) =>
      say({
        Ending: {
          since_ns: at(-5),
          ending: ENDING,
          machine_gone_at_ns: gone,
          money_settled_at_ns: settled,
        },
      }).text;
    expect(ending([], [])).toContain('being deleted');
    expect(ending([at(-1)], [])).toContain('rest of the money is settled');
  });

  it('does not call the seller “you” in words that were meant for the renter', () => {
    const state = { Closed: { at_ns: at(-5), ending: ENDING } };
    expect(say(state).text).toMatch(/^You cancelled\./);
    expect(say(state, { viewer: 'provider' }).text).toContain(
      'The renter was told: “You cancelled.”',
    );
  });

  it('does not tell the seller that the renter’s machine is theirs', () => {
    const making = { Provisioning: { since_ns: at(-9), deadline_at_ns: at(60) } };
    expect(say(making, { viewer: 'provider' }).title).toBe('The machine is being made');
    expect(say(making, { viewer: 'provider' }).text).toContain('everything the renter paid');
    expect(say(active(), { viewer: 'provider' }).text).toBe('The machine runs for its renter.');
  });

  it('knows every cause', () => {
    expect(Object.keys(CAUSE_WORDS)).toHaveLength(7);
    expect(new Set(Object.values(CAUSE_WORDS)).size).toBe(7);
  });
});

describe('badgeOf', () => {
  it('is the label of the headline', () => {
    expect(badgeOf(active(), NOW_MS)).toMatchObject({ label: 'Running', tone: 'good' });
    expect(badgeOf({ Quoted: { expires_at_ns: at(-1) } }, NOW_MS).label).toBe('Quote expired');
  });
});

describe('leftText and machineText', () => {
  it('tell a time before and after it', () => {
    expect(leftText(NOW_MS + 7_500_000, NOW_MS)).toBe('2 h 5 min left');
    expect(leftText(NOW_MS - 180_000, NOW_MS)).toBe('3 min ago');
  });

  it('describe a machine', () => {
    const machine = { machine_type: 'cx23', location: 'fsn1', image: 'u', country: 'DE' };
    const spec = { ...machine, arch: { X86: null }, cores: 1, memory_mb: 512, disk_gb: 40 };
    expect(machineText(spec)).toBe('cx23 · fsn1 · 1 core, 0.5 GB memory, 40 GB disk');
  });
});
