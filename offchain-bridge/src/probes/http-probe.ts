import { request, type IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import type { HealthCheck } from '../core/job-work.ts';
import { isOwnFault, socketWords } from '../ssh/connect-tcp.ts';
import { timed, type Probe, type ProbeDeps } from './probe.ts';

type HttpCheck = Extract<HealthCheck, { readonly kind: 'http' }>;
type Look = Pick<Probe, 'verdict' | 'result'>;

/** So much of an answer is looked through. */
const MAX_BODY_BYTES = 256 * 1_024;
const MAX_HEADER_BYTES = 16 * 1_024;
const HTTP_PORT = 80;

/**
 * Asks the machine's own address, and only that: names are not looked up, redirects are answers like any
 * other. Rejects with the signal's reason only.
 */
export function probeHttp(
  host: string,
  check: HttpCheck,
  deps: ProbeDeps,
  signal: AbortSignal,
): Promise<Probe> {
  const port = check.port === HTTP_PORT ? '' : `:${check.port.toString()}`;
  return timed(deps, `HTTP GET ${port}${check.path}`, async () => {
    signal.throwIfAborted();
    if (isIP(host) === 0) return { verdict: 'down', result: 'its address is not known' };
    if (!/^\/[\x21-\x7e]*$/.test(check.path)) return { verdict: 'down', result: 'no such path' };
    return ask(host, check, { timeoutMs: deps.timeoutMs, signal });
  });
}

function ask(
  host: string,
  check: HttpCheck,
  limits: { readonly timeoutMs: number; readonly signal: AbortSignal },
): Promise<Look> {
  const { timeoutMs, signal } = limits;
  return new Promise((resolve, reject) => {
    const asked = request({
      host,
      port: check.port,
      path: check.path,
      agent: false,
      maxHeaderSize: MAX_HEADER_BYTES,
      headers: { accept: '*/*', 'accept-encoding': 'identity', 'user-agent': 'dc-health/1' },
    });
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
      asked.destroy();
    };
    const settle = (look: Look): void => {
      end();
      resolve(look);
    };
    const abort = (): void => {
      end();
      reject(signal.reason as Error);
    };
    const down = (result: string): void => settle({ verdict: 'down', result });
    const timer = setTimeout(() => down(`no answer within ${timeoutMs.toString()} ms`), timeoutMs);
    signal.addEventListener('abort', abort, { once: true });
    asked.on('error', (error) => {
      settle({ verdict: isOwnFault(error) ? 'unknown' : 'down', result: socketWords(error) });
    });
    asked.once('response', (response) => {
      response.on('error', (error) => down(socketWords(error)));
      judge(response, check, settle);
    });
    asked.end();
  });
}

/** Reads no more than it needs. */
function judge(response: IncomingMessage, check: HttpCheck, settle: (look: Look) => void): void {
  const status = response.statusCode ?? 0;
  if (status !== check.status) {
    settle({
      verdict: 'down',
      result: `${status.toString()} instead of ${check.status.toString()}`,
    });
    return;
  }
  if (check.contains === '') {
    settle({ verdict: 'up', result: status.toString() });
    return;
  }
  const wanted = Buffer.from(check.contains);
  let body = Buffer.alloc(0);
  const look = (isAll: boolean): void => {
    const text = JSON.stringify(check.contains);
    if (body.includes(wanted)) {
      settle({ verdict: 'up', result: `${status.toString()} with ${text}` });
    } else if (isAll || body.length >= MAX_BODY_BYTES) {
      settle({ verdict: 'down', result: `${status.toString()} without ${text}` });
    }
  };
  response.on('data', (piece: Buffer) => {
    body = Buffer.concat([body, piece]).subarray(0, MAX_BODY_BYTES);
    look(false);
  });
  response.once('end', () => look(true));
  response.once('close', () => look(true));
}
