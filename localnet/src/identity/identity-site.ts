import { readFileSync } from 'node:fs';
import { Hono } from 'hono';
import { secureHeaders } from 'hono/secure-headers';
import { bundlePageScript } from './page-script.ts';

/** The gateway's name for the page; no canister can have it. */
export const IDENTITY_NAME = 'identity';

/** Besides itself the page asks origins on this machine which others may use their identities. */
const CONNECT = ["'self'", 'http://localhost:*', 'http://*.localhost:*', 'http://127.0.0.1:*'];

export interface IdentitySiteOptions {
  /** The network's time, which delegations have to outlast. */
  readonly nowNs: () => bigint;
}

/**
 * The development identity page: it logs apps on this machine in, speaking the protocols of
 * `@dfinity/auth-client` and `@icp-sdk/auth`. `/` and `/authorize` are the same page.
 *
 * It may be opened as a window by any page, and be put into a frame by none.
 */
export function createIdentitySite({ nowNs }: IdentitySiteOptions): Hono {
  const html = pageFile('index.html');
  const css = pageFile('page.css');
  const icon = pageFile('icon.svg');
  let script: Promise<string> | undefined;
  const app = new Hono();
  app.use(securityHeaders());
  app.use(async (c, next) => {
    await next();
    c.header('cache-control', 'no-store');
  });
  app.get('/', (c) => c.html(html));
  app.get('/authorize', (c) => c.html(html));
  app.get('/page.css', (c) => c.body(css, 200, { 'content-type': 'text/css; charset=utf-8' }));
  app.get('/icon.svg', (c) => c.body(icon, 200, { 'content-type': 'image/svg+xml' }));
  app.get('/page.js', async (c) =>
    c.body(await (script ??= bundlePageScript()), 200, {
      'content-type': 'text/javascript; charset=utf-8',
    }),
  );
  app.get('/time', (c) => c.json({ time_ns: nowNs().toString() }));
  app.notFound((c) => c.text('Not here. The page is at / and at /authorize.\n', 404));
  return app;
}

function securityHeaders(): ReturnType<typeof secureHeaders> {
  return secureHeaders({
    contentSecurityPolicy: {
      defaultSrc: ["'none'"],
      scriptSrc: ["'self'"],
      styleSrc: ["'self'"],
      imgSrc: ["'self'"],
      connectSrc: CONNECT,
      baseUri: ["'none'"],
      formAction: ["'none'"],
      frameAncestors: ["'none'"],
      requireTrustedTypesFor: ["'script'"],
    },
    xFrameOptions: 'DENY',
    // The page and the app that opened it have to keep hold of each other.
    crossOriginOpenerPolicy: 'unsafe-none',
    strictTransportSecurity: false,
  });
}

function pageFile(name: string): string {
  return readFileSync(new URL(`./page/${name}`, import.meta.url), 'utf8');
}
