import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Fate, Fates } from './fates.ts';
import { requestKind } from './request-kind.ts';

/** Of the connection, not of the message: a proxy does not hand them on. */
const HOP_HEADERS = new Set([
  'connection',
  'content-length',
  'host',
  'keep-alive',
  'transfer-encoding',
  'content-encoding',
]);

export interface ChaosProxyOptions {
  /** Where requests go on to. */
  readonly target: string;
  readonly fates: Pick<Fates, 'next'>;
  /** Kills the process whose proxy this is; resolves when it is dead. */
  readonly kill: () => Promise<void>;
}

/** Stands between one bridge and one of its servers, and does to each request what the fates say. */
export class ChaosProxy {
  readonly #options: ChaosProxyOptions;
  readonly #server: Server;
  /** Requests that arrive long after they were sent. */
  readonly #underWay = new Set<NodeJS.Timeout>();

  private constructor(options: ChaosProxyOptions) {
    this.#options = options;
    this.#server = createServer((request, response) => {
      this.#serve(request, response).catch(() => response.destroy());
    });
  }

  static async start(options: ChaosProxyOptions): Promise<ChaosProxy> {
    const proxy = new ChaosProxy(options);
    proxy.#server.listen(0, '127.0.0.1');
    await once(proxy.#server, 'listening');
    return proxy;
  }

  get url(): string {
    const { port } = this.#server.address() as AddressInfo;
    return `http://127.0.0.1:${port.toString()}`;
  }

  /** What has not arrived yet never will. */
  async close(): Promise<void> {
    for (const timer of this.#underWay) clearTimeout(timer);
    this.#underWay.clear();
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, 'close');
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const asked = { request, body: Buffer.concat(chunks) };
    const { method = 'GET', url = '/' } = request;
    const fate = this.#options.fates.next(requestKind(method, url, asked.body));
    await this.#meet(fate, asked, response);
  }

  async #meet(fate: Fate, asked: Asked, response: ServerResponse): Promise<void> {
    switch (fate.kind) {
      case 'pass':
        answer(response, await this.#forward(asked));
        return;
      case 'lose-request':
        response.destroy();
        return;
      case 'lose-reply':
        await this.#forward(asked);
        response.destroy();
        return;
      case 'twice':
        await this.#forward(asked);
        answer(response, await this.#forward(asked));
        return;
      case 'late': {
        const done = await this.#forward(asked);
        await sleep(fate.delayMs);
        answer(response, done);
        return;
      }
      case 'late-arrival':
        response.destroy();
        this.#sendLater(asked, fate.delayMs);
        return;
      case 'kill':
        try {
          if (fate.phase === 'after') await this.#forward(asked);
        } finally {
          await this.#options.kill();
          response.destroy();
        }
    }
  }

  #sendLater(asked: Asked, delayMs: number): void {
    const timer = setTimeout(() => {
      this.#underWay.delete(timer);
      // Nobody waits for its end, however that is.
      void Promise.allSettled([this.#forward(asked)]);
    }, delayMs);
    this.#underWay.add(timer);
  }

  async #forward({ request, body }: Asked): Promise<Answered> {
    const { method = 'GET', url = '/' } = request;
    const headers = Object.entries(request.headers).flatMap(([name, value]): [string, string][] =>
      HOP_HEADERS.has(name) || value === undefined ? [] : [[name, String(value)]],
    );
    const reply = await fetch(new URL(url, this.#options.target), {
      method,
      headers,
      ...(method !== 'GET' && method !== 'HEAD' && { body: new Uint8Array(body) }),
      redirect: 'manual',
    });
    return {
      status: reply.status,
      headers: [...reply.headers].filter(([name]) => !HOP_HEADERS.has(name)),
      body: Buffer.from(await reply.arrayBuffer()),
    };
  }
}

interface Asked {
  readonly request: IncomingMessage;
  readonly body: Buffer;
}

interface Answered {
  readonly status: number;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: Buffer;
}

function answer(response: ServerResponse, { status, headers, body }: Answered): void {
  response.writeHead(status, Object.fromEntries(headers));
  response.end(body);
}
