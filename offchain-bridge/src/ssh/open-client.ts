import type { Socket } from 'node:net';
import { Client, type ConnectConfig } from 'ssh2';
import { WorkError } from '../core/work-error.ts';
import type { ShellTarget } from '../ports/shell.port.ts';
import { connectTcp, socketWords } from './connect-tcp.ts';
import { HOST_KEY_TYPE, HostKeyPin } from './host-key-pin.ts';

/** How long is waited for a host. */
export interface SshTimeouts {
  readonly tcpMs: number;
  /** Key exchange, and login. */
  readonly readyMs: number;
}

export type LoginTarget = ShellTarget;
export type HostTarget = Pick<ShellTarget, 'host' | 'port' | 'hostKey'>;

/** Why there is no connection that can be trusted. */
export type OpenFailure =
  | { readonly kind: 'unreachable'; readonly reason: string; readonly isOwnFault: boolean }
  | { readonly kind: 'wrong-host-key'; readonly seen: string }
  | { readonly kind: 'refused' };

export type LoginOutcome =
  { readonly kind: 'open'; readonly client: Client; readonly socket: Socket } | OpenFailure;

/** What is waited for, and how far it goes. */
interface Opening {
  readonly target: HostTarget;
  readonly login: Pick<ShellTarget, 'user' | 'privateKey'> | undefined;
  readonly timeouts: SshTimeouts;
  readonly signal: AbortSignal;
}

const KEEPALIVE_MS = 10_000;
const KEEPALIVE_COUNT = 3;

/**
 * Logs in with a key, once the host has proved that it is the right one. Client and socket are the
 * caller's to end. Rejects with the signal's reason if it is aborted, and with a `config` error if the private key
 * is none.
 */
export function logIn(
  target: LoginTarget,
  timeouts: SshTimeouts,
  signal: AbortSignal,
): Promise<LoginOutcome> {
  return open({ target, login: target, timeouts, signal });
}

/** A key exchange without a login. Rejects with the signal's reason if it is aborted. */
export async function verifyHost(
  target: HostTarget,
  timeouts: SshTimeouts,
  signal: AbortSignal,
): Promise<{ readonly kind: 'verified' } | OpenFailure> {
  const outcome = await open({ target, login: undefined, timeouts, signal });
  return outcome.kind === 'open' ? { kind: 'verified' } : outcome;
}

async function open({ target, login, timeouts, signal }: Opening): Promise<LoginOutcome> {
  const connected = await connectTcp(target, timeouts.tcpMs, signal);
  if (connected.kind === 'failed') return { ...connected, kind: 'unreachable' };
  const { socket } = connected;
  const pin = new HostKeyPin(target.hostKey);
  const client = new Client();
  return new Promise((resolve, reject) => {
    const end = (keepsSocket: boolean): void => {
      signal.removeEventListener('abort', abort);
      client.removeAllListeners();
      // An error that nobody listens to would end the process.
      client.on('error', () => undefined);
      if (!keepsSocket) socket.destroy();
    };
    const settle = (outcome: LoginOutcome, keepsSocket = false): void => {
      end(keepsSocket);
      resolve(outcome);
    };
    const fail = (error: Error): void => {
      end(false);
      reject(error);
    };
    const abort = (): void => fail(signal.reason as Error);
    signal.addEventListener('abort', abort, { once: true });
    if (login === undefined)
      client.once('handshake', () => settle({ kind: 'open', client, socket }));
    else client.once('ready', () => settle({ kind: 'open', client, socket }, true));
    client.once('error', (error: Error & { level?: string }) => settle(outcomeOf(error, pin)));
    client.once('close', () => settle(unreachable('the connection was closed before SSH was up')));
    try {
      client.connect(configOf({ login, timeouts, pin, socket }));
    } catch {
      fail(new WorkError('config', 'The key to log in with cannot be used.'));
    }
  });
}

function configOf(
  how: Pick<Opening, 'login' | 'timeouts'> & { readonly pin: HostKeyPin; readonly socket: Socket },
): ConnectConfig {
  const { login, timeouts, pin, socket } = how;
  return {
    sock: socket,
    username: login?.user ?? 'nobody',
    ...(login === undefined ? {} : { privateKey: login.privateKey }),
    authHandler: ['publickey'],
    algorithms: { serverHostKey: [HOST_KEY_TYPE] },
    hostVerifier: (key: Buffer) => pin.verify(key),
    readyTimeout: timeouts.readyMs,
    keepaliveInterval: KEEPALIVE_MS,
    keepaliveCountMax: KEEPALIVE_COUNT,
  };
}

function outcomeOf(error: Error & { level?: string }, pin: HostKeyPin): OpenFailure {
  if (pin.strange !== undefined) return { kind: 'wrong-host-key', seen: pin.strange };
  if (error.level === 'client-authentication') return { kind: 'refused' };
  if (error.message.includes('host key format')) {
    return { kind: 'wrong-host-key', seen: `no ${HOST_KEY_TYPE} key` };
  }
  if (error.level === 'client-timeout') {
    return unreachable('SSH did not answer in time');
  }
  return unreachable(socketWords(error));
}

/** Whoever connected was not alone at fault. */
function unreachable(reason: string): OpenFailure {
  return { kind: 'unreachable', reason, isOwnFault: false };
}
