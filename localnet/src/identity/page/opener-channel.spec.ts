import { describe, expect, it } from 'vitest';
import { OpenerChannel, type OpenerMessage, type PendingLogin } from './opener-channel.ts';

const APP = 'http://app.localhost:4943';
const STATUS = { jsonrpc: '2.0', id: 1, method: 'icrc29_status' };
const LOGIN = { kind: 'authorize-client', sessionPublicKey: new Uint8Array(44) };
const RPC_LOGIN = {
  jsonrpc: '2.0',
  id: 2,
  method: 'icrc34_delegation',
  params: { publicKey: 'AAAA' },
};

function openChannel() {
  const sent: { message: unknown; targetOrigin: string }[] = [];
  const logins: PendingLogin[] = [];
  const foreigners: string[] = [];
  const opener = {
    postMessage: (message: unknown, targetOrigin: string) => {
      sent.push({ message, targetOrigin });
    },
  };
  const channel = new OpenerChannel({
    opener,
    onLogin: (login) => logins.push(login),
    onForeigner: (origin) => foreigners.push(origin),
  });
  const receive = (data: unknown, change: Partial<OpenerMessage> = {}): void =>
    channel.receive({ data, origin: APP, source: opener, ...change });
  return { sent, logins, foreigners, receive };
}

describe('OpenerChannel', () => {
  it('answers the opener at the origin that asked, and nowhere else', () => {
    const { sent, logins, receive } = openChannel();
    receive(STATUS);
    receive(LOGIN);
    logins[0]?.answer({ kind: 'cancelled' });
    expect(sent).toEqual([
      { message: { jsonrpc: '2.0', id: 1, result: 'ready' }, targetOrigin: APP },
      {
        message: { kind: 'authorize-client-failure', text: 'UserInterrupt' },
        targetOrigin: APP,
      },
    ]);
    expect(logins[0]?.origin).toBe(APP);
  });

  it.each([
    { desc: 'another window', change: { source: { postMessage: () => undefined } } },
    { desc: 'no window', change: { source: null } },
    { desc: 'a page without an origin', change: { origin: 'null' } },
  ])('does not hear $desc', ({ change }) => {
    const { sent, logins, receive } = openChannel();
    for (const message of [STATUS, LOGIN, RPC_LOGIN]) receive(message, change);
    expect({ sent, logins }).toEqual({ sent: [], logins: [] });
  });

  it('does not hear the next page in the opener: the login stays with who asked first', () => {
    const { sent, logins, receive } = openChannel();
    receive(LOGIN);
    for (const message of [STATUS, LOGIN, RPC_LOGIN]) {
      receive(message, { origin: 'http://evil.localhost' });
    }
    expect(sent).toEqual([]);
    expect(logins).toHaveLength(1);
    logins[0]?.answer({ kind: 'cancelled' });
    expect(sent.map(({ targetOrigin }) => targetOrigin)).toEqual([APP]);
  });

  it('is not bound by messages that mean nothing', () => {
    const { logins, receive } = openChannel();
    receive({ hello: 'world' }, { origin: 'http://other.localhost' });
    receive(LOGIN);
    expect(logins).toHaveLength(1);
  });

  it('refuses pages from elsewhere, and says so to both sides', () => {
    const { sent, logins, foreigners, receive } = openChannel();
    receive(LOGIN, { origin: 'https://shop.example' });
    expect(logins).toEqual([]);
    expect(foreigners).toEqual(['https://shop.example']);
    expect(sent).toMatchObject([
      { message: { kind: 'authorize-client-failure' }, targetOrigin: 'https://shop.example' },
    ]);
  });

  it('asks for one login at a time, and for the next when it is answered', () => {
    const { sent, logins, receive } = openChannel();
    receive(RPC_LOGIN);
    receive({ ...RPC_LOGIN, id: 3 });
    expect(logins).toHaveLength(1);
    expect(sent).toMatchObject([{ message: { id: 3, error: { code: 1_000 } } }]);
    logins[0]?.answer({ kind: 'cancelled' });
    receive({ ...RPC_LOGIN, id: 4 });
    expect(logins).toHaveLength(2);
  });

  it('answers a login once', () => {
    const { sent, logins, receive } = openChannel();
    receive(LOGIN);
    logins[0]?.answer({ kind: 'cancelled' });
    logins[0]?.answer({ kind: 'failed', reason: 'too late' });
    expect(sent).toHaveLength(1);
  });
});
