import type { AddressInfo } from 'node:net';
import { serve as serveWithNode } from '@hono/node-server';

/**
 * How long an unused connection stays open. Long, because a message may hold up the process for
 * seconds: with Node's 5 s a client's next request would meet a connection that is just closing.
 */
const KEEP_ALIVE_MS = 600_000;

/** Anything with a web-standard request handler, e.g. a Hono app. */
export interface Fetchable {
  /** `env` has Node's own request and answer, as Hono's bindings. */
  readonly fetch: (request: Request, env?: object) => Response | Promise<Response>;
}

export interface RunningServer {
  readonly port: number;
  /** `http://<hostname>:<port>` */
  readonly url: string;
  /** Stops listening and drops the connections that are still open. */
  close(): Promise<void>;
}

/**
 * Opens a port for an app; port 0 takes any free one.
 *
 * Errors: rejects with the system error if the port cannot be had.
 */
export function serve(options: {
  readonly app: Fetchable;
  readonly port: number;
  readonly hostname?: string;
}): Promise<RunningServer> {
  const hostname = options.hostname ?? '127.0.0.1';
  return new Promise((resolve, reject) => {
    const fetch = (request: Request, env: object): Response | Promise<Response> =>
      options.app.fetch(request, env);
    const server = serveWithNode({ fetch, port: options.port, hostname }, (info: AddressInfo) => {
      server.off('error', reject);
      resolve({ port: info.port, url: `http://${hostname}:${info.port}`, close });
    });
    if ('keepAliveTimeout' in server) server.keepAliveTimeout = KEEP_ALIVE_MS;
    server.once('error', reject);
    const close = (): Promise<void> =>
      new Promise((closed, failed) => {
        server.close((error) => {
          if (error) failed(error);
          else closed();
        });
        if ('closeAllConnections' in server) server.closeAllConnections();
      });
  });
}
