import { beforeEach, describe, expect, it } from 'vitest';
import type { CloudAccountId, RentalId } from '../core/ids.ts';
import type { AgentAccount, BookedServer } from '../ports/rental.port.ts';
import { CountingMetrics, quietLog } from '../testing/quiet.fake.ts';
import { AccountBoard } from './account-board.ts';
import { backlogCount } from './count-backlog.worker.ts';

type State = BookedServer['state'];

let books: Map<number, readonly State[] | Error>;
let metrics: CountingMetrics;
const signal = new AbortController().signal;

function accountOf(id: number): AgentAccount {
  return { id: id as CloudAccountId, provider: 1, backend: 'hetzner', label: `n${id}` };
}

function rowOf(state: State, index: number): BookedServer {
  return { rentalId: index as RentalId, state, serverName: undefined, externalId: undefined };
}

function count() {
  const rental = {
    listAgentAccounts: () => Promise.resolve([...books.keys()].map(accountOf)),
    bookedServers: (id: CloudAccountId) => {
      const states = books.get(id) ?? [];
      return states instanceof Error ? Promise.reject(states) : Promise.resolve(states.map(rowOf));
    },
  };
  return backlogCount({ rental, board: new AccountBoard(rental), log: quietLog, metrics });
}

beforeEach(() => {
  books = new Map();
  metrics = new CountingMetrics();
});

describe('backlogCount', () => {
  it('knows nothing before the first count', () => {
    expect(count().backlog()).toBeUndefined();
  });

  it('counts what is to be made and to be deleted in all accounts', async () => {
    books.set(1, ['provisioning', 'active', 'ending', 'provisioning']);
    books.set(2, ['ending', 'awaiting-payment', 'provisioning']);
    const one = count();
    await one.round(signal);
    expect(one.backlog()).toEqual({ machinesToMake: 3, machinesToDelete: 2 });
  });

  it('counts anew each time', async () => {
    books.set(1, ['provisioning', 'ending']);
    const one = count();
    await one.round(signal);
    books.set(1, ['active']);
    await one.round(signal);
    expect(one.backlog()).toEqual({ machinesToMake: 0, machinesToDelete: 0 });
  });

  it('leaves out an account that cannot be read, and says so', async () => {
    books.set(1, new Error('not worked by this agent'));
    books.set(2, ['provisioning']);
    const one = count();
    await one.round(signal);
    expect(one.backlog()).toEqual({ machinesToMake: 1, machinesToDelete: 0 });
    expect(metrics.counts.get('worker_failures{worker=backlog}')).toBe(1);
  });

  it('keeps the last count when it is broken off', async () => {
    books.set(1, ['provisioning']);
    const one = count();
    await one.round(signal);
    books.set(1, []);
    await one.round(AbortSignal.abort());
    expect(one.backlog()).toEqual({ machinesToMake: 1, machinesToDelete: 0 });
  });
});
