import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Principal } from '@dfinity/principal';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { HttpOutcall } from '../core/types.ts';
import { performOutcall } from './http-fetch.ts';

const NEVER = new AbortController().signal;

function outcallTo(url: string, extra: Partial<HttpOutcall> = {}): HttpOutcall {
  return {
    id: 0,
    canisterId: Principal.anonymous(),
    url,
    method: 'GET',
    headers: [],
    body: new Uint8Array(),
    maxResponseBytes: 10n,
    ...extra,
  };
}

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

describe('performOutcall', () => {
  it('sends every header, and says who it is unless the canister does', async () => {
    const url = await serve((request, response) => {
      response.end(
        `${request.headers['user-agent'] ?? ''}|${request.headers['x-a']?.toString() ?? ''}`,
      );
    });
    const headers = [
      { name: 'X-A', value: '1' },
      { name: 'X-A', value: '2' },
    ];
    const bodyOf = async (outcall: HttpOutcall) => {
      const answer = await performOutcall(outcall, NEVER);
      return answer.kind === 'reply' ? new TextDecoder().decode(answer.body) : answer.message;
    };
    const outcall = outcallTo(url, { headers, maxResponseBytes: undefined });
    expect(await bodyOf(outcall)).toBe('ic/1.0|1, 2');
    const named = [{ name: 'User-Agent', value: 'mine' }];
    expect(await bodyOf({ ...outcall, headers: named })).toBe('mine|');
  });

  it('reads one byte more than allowed, so that too much can be told', async () => {
    const url = await serve((_, response) => response.end('x'.repeat(1_000_000)));
    const answer = await performOutcall(outcallTo(url), NEVER);
    expect(answer).toMatchObject({ kind: 'reply', status: 200 });
    expect(answer.kind === 'reply' && answer.body.length).toBe(11);
  });

  it('follows no redirect', async () => {
    const url = await serve((_, response) => response.writeHead(302, { Location: '/there' }).end());
    const answer = await performOutcall(outcallTo(url), NEVER);
    expect(answer).toMatchObject({ kind: 'reply', status: 302 });
    expect(answer.kind === 'reply' && answer.headers).toContainEqual({
      name: 'location',
      value: '/there',
    });
  });

  it.each(['no url', 'ftp://127.0.0.1/', 'http://127.0.0.1:1/'])(
    'rejects as transient what cannot be reached: %s',
    async (url) => {
      expect(await performOutcall(outcallTo(url), NEVER)).toMatchObject({
        kind: 'reject',
        code: 2,
      });
    },
  );

  it('ends when it is aborted', async () => {
    const url = await serve(() => undefined);
    const abort = new AbortController();
    const pending = performOutcall(outcallTo(url), abort.signal);
    abort.abort();
    expect(await pending).toMatchObject({ kind: 'reject', code: 2 });
  });
});
