import { constants } from 'node:os';
import type { ServerChannel, Session } from 'ssh2';
import type { MachineProgram, ProgramEnd } from '../machine-system.port.ts';
import { serveSftp } from '../sftp/serve-sftp.ts';
import type { AuthorizedKey } from './authorized-keys.ts';
import type { SshServerOptions } from './ssh-server.ts';

/** What sshd lets clients set. */
const ACCEPTED_ENV = /^(LANG|LC_[A-Z]+)$/;
const ENV_BYTES_MAX = 1_024;
const SFTP_PROGRAM = '/usr/lib/openssh/sftp-server';
const CANNOT_RUN = 126;
/** Beside those of RFC 4254, 6.10, there is no name for a signal. */
const SIGNALS = /^SIG(ABRT|ALRM|FPE|HUP|ILL|INT|KILL|PIPE|QUIT|SEGV|TERM|USR1|USR2)$/;
const SIGNALLED = 128;

export interface SessionOptions extends Pick<SshServerOptions, 'files' | 'run' | 'log'> {
  readonly login: AuthorizedKey;
  /** Address and port of the client. */
  readonly from: string;
}

/**
 * One channel: a command, a shell without a terminal, or SFTP. A key with a forced command gets
 * that, whatever it asked for.
 */
export function serveSession(options: SessionOptions, session: Session): void {
  const { forcedCommand } = options.login;
  const env: Record<string, string> = { SSH_CLIENT: options.from, SSH_CONNECTION: options.from };
  let program: MachineProgram | undefined;

  function start(channel: ServerChannel, asked: string | undefined): void {
    const isForced = forcedCommand !== undefined;
    const original = isForced && asked !== undefined ? { SSH_ORIGINAL_COMMAND: asked } : {};
    const request = { command: forcedCommand ?? asked, env: { ...env, ...original } };
    options.run(request).then(
      (started) => {
        program = started;
        connect(channel, started);
      },
      (error: unknown) => refuse(channel, error),
    );
  }

  session.on('env', (accept, reject, { key, val }) => {
    const isTaken = ACCEPTED_ENV.test(key) && val.length <= ENV_BYTES_MAX;
    if (isTaken) env[key] = val;
    reply(isTaken ? accept : reject);
  });
  session.on('signal', (accept, reject, { name }) => {
    const signal = name.startsWith('SIG') ? name : `SIG${name}`;
    if (isSignal(signal)) program?.signal(signal);
    reply(isSignal(signal) ? accept : reject);
  });
  session.on('exec', (accept, _reject, { command }) => start(accept(), command));
  session.on('shell', (accept) => start(accept(), undefined));
  session.on('subsystem', (accept, reject, { name }) => {
    if (name !== 'sftp') reply(reject);
    else if (forcedCommand !== undefined) start(accept(), SFTP_PROGRAM);
    else openSftp(options, accept());
  });
}

/** Clients that want no answer give nothing to answer with. */
function reply(answer: (() => void) | undefined): void {
  answer?.();
}

function isSignal(name: string): name is NodeJS.Signals {
  return name in constants.signals;
}

/** Ends when the program has ended and nobody holds its output any more, as sshd does. */
function connect(channel: ServerChannel, program: MachineProgram): void {
  channel.on('error', () => channel.close());
  channel.pipe(program.stdin);
  program.stdout.pipe(channel, { end: false });
  program.stderr.pipe(channel.stderr, { end: false });
  const outputs = [program.stdout, program.stderr].map(
    (stream) => new Promise<void>((resolve) => stream.once('close', () => resolve())),
  );
  channel.once('close', () => {
    program.stdin.destroy();
    program.stdout.destroy();
    program.stderr.destroy();
  });
  void program.ended.then((end) => tellEnd(channel, end));
  void Promise.all([program.ended, ...outputs]).then(() => finish(channel));
}

function tellEnd(channel: ServerChannel, end: ProgramEnd): void {
  if (end.kind === 'exited') channel.exit(end.code);
  else if (SIGNALS.test(end.signal)) channel.exit(end.signal, false, '');
  else channel.exit(SIGNALLED + constants.signals[end.signal]);
}

/** Whatever is still to be sent goes first. */
function finish(channel: ServerChannel): void {
  channel.stderr.end(() => channel.end());
}

function refuse(channel: ServerChannel, error: unknown): void {
  const reason = error instanceof Error ? error.message : 'The machine cannot run this.';
  channel.resume();
  channel.stderr.write(`${reason}\n`);
  channel.exit(CANNOT_RUN);
  finish(channel);
}

function openSftp(options: SessionOptions, channel: ServerChannel): void {
  serveSftp(channel, options.files).then(
    () => {
      channel.exit(0);
      channel.end();
    },
    (error: unknown) => {
      options.log(`SFTP ended: ${error instanceof Error ? error.message : ''}`);
      channel.destroy();
    },
  );
}
