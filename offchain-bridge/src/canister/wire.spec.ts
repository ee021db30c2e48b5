import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type {
  ClaimedJob as WireClaimed,
  JobWork as WireWork,
  ServiceError,
} from '../../../dist/canisters/rental/declarations/rental.did.ts';
import { CanisterRefusal } from '../ports/canister-errors.ts';
import {
  accountFromWire,
  bookedFromWire,
  rowAnswersFromWire,
  targetFromWire,
  verdictFromWire,
} from './account-wire.ts';
import { claimedFromWire, workFromWire } from './job-work-wire.ts';
import { msOfNs, nsOfMs, okOf } from './wire-values.ts';

/** A case that only newer canisters know, as it is read. */
const NEW_CASE = {} as never;

const CLAIMED: WireClaimed = {
  job_id: 5n,
  job: { Power: null },
  rental_id: [3n],
  cloud_account_id: 2n,
  epoch: 4,
  lease_until_ns: 1_000_000_000n,
  attempts: 6,
};

const VERSION = {
  recipe_id: 1n,
  number: 2,
  name: 'web',
  semver: '1.0.0',
  script_sha256: 'a'.repeat(64),
};

const WORK: WireWork = {
  job_id: 5n,
  epoch: 4,
  lease_until_ns: 2_000_000_000n,
  task: { UpgradeRecipe: { rental_id: 3n, from: VERSION, to: { ...VERSION, number: 3 } } },
  attempts: 1,
  deadline_at_ns: [9_000_000_000n],
  installation: 'test',
  cloud_account_id: 2n,
  backend: { Hetzner: null },
  sealed_credentials: Uint8Array.of(1, 2),
  rental: [
    {
      rental_id: 3n,
      choices: [],
      choice_index: 0,
      server: [{ name: 'dc-test-3', external_id: [], intended_at_ns: 1_000_000n }],
      ssh_keys: ['ssh-ed25519 A'],
      renter_recipient: [],
      card: [],
      log_bytes: 17n,
      recipe: [
        {
          version: VERSION,
          script: 'true',
          rollback_script: ['false'],
          generated_secrets: [{ name: 'P', length: 20 }],
          health: { Command: { command: 'check' } },
          service_url: '',
          expected_downtime_ns: 60_000_000_000n,
        },
      ],
      previous: [],
      inputs: { values: [{ name: 'A', value: 'b' }], secret_names: ['S'] },
      previous_inputs: [],
      sealed_secrets: [Uint8Array.of(9)],
      previous_secrets: [],
    },
  ],
};

describe('times on the wire', () => {
  it('come back as they were', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), (timeMs) => {
        expect(msOfNs(nsOfMs(timeMs))).toBe(timeMs);
      }),
    );
  });
});

describe('jobs on the wire', () => {
  it('are read', () => {
    expect(claimedFromWire(CLAIMED)).toEqual({
      jobId: 5,
      epoch: 4,
      kind: 'power',
      rentalId: 3,
      cloudAccountId: 2,
      leaseUntilMs: 1_000,
      attempts: 6,
    });
    expect(workFromWire(WORK)).toMatchObject({
      task: { kind: 'upgrade-recipe', rentalId: 3, from: { number: 2 }, to: { number: 3 } },
      deadlineAtMs: 9_000,
      backend: 'hetzner',
      rental: {
        server: { name: 'dc-test-3', externalId: undefined, intendedAtMs: 1 },
        logBytes: 17,
        recipe: {
          rollbackScript: 'false',
          health: { kind: 'command', command: 'check' },
          expectedDowntimeMs: 60_000,
        },
        inputs: { secretNames: ['S'] },
        sealedSecrets: Uint8Array.of(9),
        previous: undefined,
      },
    });
  });

  it('of a newer canister are left out, or refused for now', () => {
    expect(claimedFromWire({ ...CLAIMED, job: NEW_CASE })).toBeUndefined();
    for (const change of [{ task: NEW_CASE }, { backend: NEW_CASE }]) {
      expect(refusalBy(() => workFromWire({ ...WORK, ...change }))).toMatchObject({
        isTemporary: true,
        message: expect.stringMatching(/update the bridge/) as string,
      });
    }
  });
});

describe('books on the wire', () => {
  const card = {
    ipv4: '1.2.3.4',
    ipv6: '',
    ssh_user: 'root',
    ssh_port: 22,
    host_key_fingerprint: '',
    host_key: '',
    service_url: '',
  };
  const target = {
    rental_id: 3n,
    external_id: [] as [],
    card,
    is_excluded: false,
    started_at_ns: 0n,
  };

  it('leave out only what cannot be understood', () => {
    expect(targetFromWire({ ...target, health: [] })).toMatchObject({ health: undefined });
    expect(targetFromWire({ ...target, health: [{ Tcp: { port: 80 } }] })).toMatchObject({
      health: { kind: 'tcp', port: 80 },
    });
    expect(targetFromWire({ ...target, health: [NEW_CASE] })).toBeUndefined();
    const account = { id: 1n, provider: 2n, label: 'a', backend: NEW_CASE };
    expect(accountFromWire(account as never)).toBeUndefined();
  });

  it('never free a server because of a word that is not known', () => {
    const row = { rental_id: 3n, state: NEW_CASE, server_name: [], external_id: ['7'] };
    expect(bookedFromWire(row as never)).toMatchObject({
      state: 'provisioning',
      externalId: '7',
    });
    expect(verdictFromWire({ external_id: '7', verdict: NEW_CASE })).toEqual({
      externalId: '7',
      verdict: 'wait',
    });
    expect(rowAnswersFromWire(Uint8Array.of(0, 5, 8, 200))).toEqual([
      'accepted',
      'not-over',
      'rental-over',
      'malformed',
    ]);
  });
});

describe('okOf', () => {
  const errorOf = (kind: ServiceError['kind']) => ({ Err: { kind, message: 'what to do' } });

  it('gives what was answered', () => {
    expect(okOf({ Ok: 7 })).toBe(7);
  });

  it.each([
    [errorOf({ RequestError: [{ StaleLease: null }] }), 'StaleLease', false],
    [errorOf({ RequestError: [] }), '', false],
    [errorOf({ RequestError: [NEW_CASE] }), '', false],
    [errorOf({ TemporaryError: [{ Busy: null }] }), 'Busy', true],
    [errorOf({ InternalError: [] }), '', false],
    [errorOf(NEW_CASE), '', false],
  ])('throws what was refused: %j', (answer, reason, isTemporary) => {
    expect(refusalBy(() => okOf(answer))).toMatchObject({
      reason,
      isTemporary,
      message: 'what to do',
    });
  });

  it('does not take an unknown answer for one', () => {
    expect(refusalBy(() => okOf(NEW_CASE)).isTemporary).toBe(true);
  });
});

function refusalBy(act: () => unknown): CanisterRefusal {
  try {
    act();
  } catch (error) {
    if (error instanceof CanisterRefusal) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}
