import { describe, expect, it } from 'vitest';
import { durationNs } from '@decent-cloud/domain/time.ts';
import { failureWords, retryWords, type Circumstances } from './failure-words.ts';
import type { ErrorClass } from './job.ts';
import { JOB_KINDS } from './job-kinds.ts';

const CLASSES: readonly ErrorClass[] = [
  'config',
  'capacity',
  'quota',
  'auth',
  'exists',
  'transient',
  'unknown',
];

const about: Circumstances = {
  job: 'provision',
  class: 'capacity',
  backend: 'hetzner',
  choice: { machineType: 'cx23', location: 'fsn1', image: 'ubuntu-24.04' },
  choiceCount: 1,
  ageNs: durationNs({ minutes: 10 }),
  attempts: 3,
};

const GOES_ON = /goes on as it was\.$/;
const MONEY_OF_RENTER = {
  provision: /goes back to you\.$/,
  terminate: GOES_ON,
  'upgrade-recipe': GOES_ON,
  power: GOES_ON,
  'rotate-ssh-keys': GOES_ON,
};

describe('failureWords', () => {
  it.each([
    [{}, 'Hetzner had no cx23 in fsn1 for 10 minutes. Everything you paid goes back to you.'],
    [
      { class: 'quota', ageNs: durationNs({ seconds: 90 }) },
      "The seller's account at Hetzner had reached its limit of machines for 90 seconds. " +
        'Everything you paid goes back to you.',
    ],
    [
      { class: 'transient', job: 'power', ageNs: durationNs({ hours: 3 }) },
      'Hetzner did not answer as it should for 3 hours. ' +
        'Nothing was charged for it, and your rental goes on as it was.',
    ],
    [
      { class: 'auth', backend: undefined },
      "The cloud refuses the credentials of the seller's account. " +
        'Everything you paid goes back to you.',
    ],
    [
      { job: 'validate-account', class: 'unknown', attempts: 0, ageNs: durationNs({ minutes: 5 }) },
      'Your agent did not take the work for 5 minutes. See that it runs and that its grant is valid. ' +
        'Nothing was charged. Ask for the check again after that.',
    ],
    [
      { job: 'refresh-catalogue', class: 'auth' },
      'Hetzner refuses the credentials of your account. Replace them. Nothing was charged, but what ' +
        'the cloud sells is not known anew: nothing is rented by a reading of more than 15 minutes ' +
        'ago. Ask for it again after that.',
    ],
  ] as const)('of %o', (change, words) => {
    expect(failureWords({ ...about, ...change })).toBe(words);
  });

  it('says something whole of everything that can fail, and what it means for the money', () => {
    for (const job of JOB_KINDS) {
      for (const errorClass of CLASSES) {
        const circumstances = { ...about, job, class: errorClass, choice: undefined };
        const failed = failureWords(circumstances);
        // The renter has no cloud account, and its seller no rental.
        const isOfAccount = job === 'validate-account' || job === 'refresh-catalogue';
        expect(failed).toMatch(isOfAccount ? /your (account|agent)\b/i : MONEY_OF_RENTER[job]);
        expect(failed).not.toMatch(
          isOfAccount ? /your rental|you paid/i : /your (account|agent)\b/i,
        );
        for (const words of [failed, retryWords(circumstances)]) {
          expect(words).not.toMatch(/undefined|unsupported location/);
          expect(words.endsWith('.')).toBe(true);
        }
      }
    }
  });
});
