import { describe, expect, it } from 'vitest';
import type { CloudAccountId } from '../core/ids.ts';
import { WorkError } from '../core/work-error.ts';
import { FakeClock } from '../testing/fake-clock.fake.ts';
import { FakeCloud } from '../testing/fake-cloud.fake.ts';
import { AccountSessions, type SealedAccount } from './account-sessions.ts';

class World {
  readonly clock = new FakeClock();
  readonly opened: string[] = [];
  readonly tokens: string[] = [];
  failure: Error | undefined;
  readonly sessions = new AccountSessions({
    openCredentials: (sealed) => {
      this.opened.push(new TextDecoder().decode(sealed));
      if (this.failure !== undefined) return Promise.reject(this.failure);
      return Promise.resolve(` token of ${new TextDecoder().decode(sealed)}\n`);
    },
    providerFor: ({ backend }, token) => {
      if (backend !== 'hetzner') throw new WorkError('config', 'this bridge knows no such cloud');
      this.tokens.push(token);
      return new FakeCloud(this.clock).provider();
    },
    clock: this.clock,
  });
}

function account(sealed: string, change: Partial<SealedAccount> = {}): SealedAccount {
  const sealedCredentials = new TextEncoder().encode(sealed);
  return { id: 1 as CloudAccountId, backend: 'hetzner', sealedCredentials, ...change };
}

describe('AccountSessions', () => {
  it('opens credentials once and gives the same API to everybody', async () => {
    const { sessions, opened, tokens } = new World();
    const [first, second] = await Promise.all([
      sessions.use(account('a')),
      sessions.use(account('a')),
    ]);
    expect(first).toBe(second);
    expect(await sessions.use(account('a'))).toBe(first);
    expect(opened).toEqual(['a']);
    expect(tokens).toEqual(['token of a']);
    expect(sessions.usageOf(1 as CloudAccountId)).toMatchObject({ requests: 0 });
  });

  it('makes a new one when the seller has sealed others', async () => {
    const { sessions, opened } = new World();
    const first = await sessions.use(account('a'));
    expect(await sessions.use(account('b'))).not.toBe(first);
    expect(opened).toEqual(['a', 'b']);
  });

  it('keeps accounts apart', async () => {
    const { sessions } = new World();
    const first = await sessions.use(account('a'));
    expect(await sessions.use(account('a', { id: 2 as CloudAccountId }))).not.toBe(first);
  });

  it('forgets a token that was not used for ten minutes', async () => {
    const { sessions, clock, opened } = new World();
    await sessions.use(account('a'));
    await clock.advance(9 * 60_000);
    await sessions.use(account('a'));
    await clock.advance(9 * 60_000);
    expect(opened).toHaveLength(1);
    await clock.advance(60_000);
    sessions.forgetIdle();
    expect(sessions.usageOf(1 as CloudAccountId)).toBeUndefined();
    await sessions.use(account('a'));
    expect(opened).toHaveLength(2);
  });

  it('tells what cannot be opened as a matter of credentials, and tries again later', async () => {
    const world = new World();
    world.failure = new Error('no identity matched');
    const failed = world.sessions.use(account('a'));
    await expect(failed).rejects.toMatchObject({ class: 'auth' });
    world.failure = undefined;
    await expect(world.sessions.use(account('a'))).resolves.toBeDefined();
    expect(world.opened).toHaveLength(2);
  });

  it('passes on what is wrong with the account itself', async () => {
    const { sessions } = new World();
    const unknown = sessions.use(account('a', { backend: 'docker' }));
    await expect(unknown).rejects.toMatchObject({ class: 'config' });
  });
});
