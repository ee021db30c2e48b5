import { Socket, isIP } from 'node:net';

/** Where something listens. */
export interface TcpTarget {
  /** An address: names are not looked up. */
  readonly host: string;
  readonly port: number;
}

export type TcpOutcome =
  | { readonly kind: 'connected'; readonly socket: Socket }
  | {
      readonly kind: 'failed';
      /** In plain words. */
      readonly reason: string;
      /** It failed on this side: it says nothing about the other one. */
      readonly isOwnFault: boolean;
    };

const WORDS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nobody listens there',
  ECONNRESET: 'the connection was cut',
  EHOSTUNREACH: 'there is no way to it',
  ENETUNREACH: 'this side has no network',
  ENETDOWN: 'this side has no network',
  EADDRNOTAVAIL: 'this side has no free port',
  EMFILE: 'this side has too many open files',
  ENFILE: 'this side has too many open files',
  ETIMEDOUT: 'no answer in time',
  EPIPE: 'the connection was cut',
};

/** What a system says of itself. */
const OWN_FAULTS = new Set(['ENETUNREACH', 'ENETDOWN', 'EADDRNOTAVAIL', 'EMFILE', 'ENFILE']);

/** Connects within the time. Rejects with the signal's reason if it is aborted, and with nothing else. */
export async function connectTcp(
  { host, port }: TcpTarget,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<TcpOutcome> {
  signal.throwIfAborted();
  if (isIP(host) === 0) {
    return { kind: 'failed', reason: 'its address is not known', isOwnFault: false };
  }
  const socket = new Socket();
  // An error that nobody listens to would end the process.
  socket.on('error', () => undefined);
  return new Promise((resolve, reject) => {
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
      socket.off('connect', connect).off('error', error);
    };
    const fail = (reason: string, isOwnFault = false): void => {
      end();
      socket.destroy();
      resolve({ kind: 'failed', reason, isOwnFault });
    };
    const abort = (): void => {
      end();
      socket.destroy();
      reject(signal.reason as Error);
    };
    const connect = (): void => {
      end();
      resolve({ kind: 'connected', socket });
    };
    const error = (cause: Error): void => fail(socketWords(cause), isOwnFault(cause));
    const timer = setTimeout(() => fail(`no answer within ${timeoutMs.toString()} ms`), timeoutMs);
    signal.addEventListener('abort', abort, { once: true });
    socket.once('error', error).once('connect', connect);
    socket.setNoDelay(true);
    socket.connect({ host, port });
  });
}

/** What happened to a connection, without addresses and numbers of the system. */
export function socketWords(error: Error): string {
  const code = codeOf(error);
  return WORDS[code] ?? (code === '' ? error.message : code);
}

/** Whether a connection failed before it left this side. */
export function isOwnFault(error: Error): boolean {
  return OWN_FAULTS.has(codeOf(error));
}

function codeOf(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : '';
}
