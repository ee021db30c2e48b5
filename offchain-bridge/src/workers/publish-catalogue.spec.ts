import { beforeEach, describe, expect, it } from 'vitest';
import type { CloudAccountId } from '../core/ids.ts';
import { WorkError } from '../core/work-error.ts';
import { CanisterRefusal } from '../ports/canister-errors.ts';
import type { CloudCatalogue, CloudProvider } from '../ports/cloud.port.ts';
import type { AgentAccount } from '../ports/rental.port.ts';
import { CountingMetrics, quietLog } from '../testing/quiet.fake.ts';
import { AccountBoard } from './account-board.ts';
import { catalogueWorker } from './publish-catalogue.worker.ts';

const NOW_MS = 1_000_000;
const AHEAD_MS = 300_000;
const EMPTY: CloudCatalogue = { currency: 'EUR', locations: [], types: [], images: [] };

function account(id: number): AgentAccount {
  return { id: id as CloudAccountId, provider: 1, backend: 'hetzner', label: `n${id.toString()}` };
}

let told: string[];
let metrics: CountingMetrics;
let readings: Map<number, CloudCatalogue | Error>;
let refusal: Error | undefined;
const signal = new AbortController().signal;

function worker() {
  const rental = {
    listAgentAccounts: () => Promise.resolve([...readings.keys()].map(account)),
    publishCatalogue: (id: CloudAccountId, { readAtMs }: { readonly readAtMs: number }) => {
      if (refusal !== undefined) return Promise.reject(refusal);
      told.push(`published ${id.toString()} at ${readAtMs.toString()}`);
      return Promise.resolve();
    },
    reportAccountValidity: (id: CloudAccountId, problem: string | undefined) => {
      told.push(`${id.toString()} is ${problem ?? 'valid'}`);
      return Promise.resolve();
    },
    clockOffsetMs: () => AHEAD_MS,
  };
  const cloudOf = (id: number): Pick<CloudProvider, 'catalogue'> => ({
    catalogue: () => {
      const reading = readings.get(id);
      return reading instanceof Error ? Promise.reject(reading) : Promise.resolve(reading ?? EMPTY);
    },
  });
  return catalogueWorker({
    rental,
    board: new AccountBoard(rental),
    provider: ({ id }) => Promise.resolve(cloudOf(id) as CloudProvider),
    clock: { nowMs: () => NOW_MS, monotonicMs: () => 0, sleep: () => Promise.resolve() },
    log: quietLog,
    metrics,
  });
}

beforeEach(() => {
  told = [];
  metrics = new CountingMetrics();
  readings = new Map([[1, EMPTY]]);
  refusal = undefined;
});

describe('catalogueWorker', () => {
  it('publishes each account by the canister’s clock', async () => {
    readings.set(2, EMPTY);
    await worker().round(signal);
    expect(told).toEqual([
      'published 1 at 1300000',
      '1 is valid',
      'published 2 at 1300000',
      '2 is valid',
    ]);
  });

  it('goes on with the others when one cloud fails', async () => {
    readings = new Map<number, CloudCatalogue | Error>([
      [1, new WorkError('transient', 'no answer')],
      [2, EMPTY],
    ]);
    await worker().round(signal);
    expect(told).toEqual(['published 2 at 1300000', '2 is valid']);
  });

  it('tells once that the credentials are refused, and once that they are taken again', async () => {
    const one = worker();
    readings.set(1, new WorkError('auth', 'Hetzner refuses the token.'));
    await one.round(signal);
    await one.round(signal);
    readings.set(1, EMPTY);
    await one.round(signal);
    expect(told).toEqual([
      '1 is Hetzner refuses the token.',
      'published 1 at 1300000',
      '1 is valid',
    ]);
  });

  it('takes no offence at a reading of another process that is newer', async () => {
    refusal = new CanisterRefusal('Conflict', 'older than what is published', false);
    await worker().round(signal);
    expect(metrics.counts.size).toBe(0);
  });
});
