import type { ConnectOutcome, ShellConnector, ShellTarget } from '../ports/shell.port.ts';
import { logIn, type SshTimeouts } from './open-client.ts';
import { SshSession } from './ssh-session.ts';

/** A machine that boots answers nothing for a while: it is asked anew soon. */
const TIMEOUTS: SshTimeouts = { tcpMs: 3_000, readyMs: 10_000 };

/**
 * Logs in over SSH with a key. The signal counts for the whole session: when it is aborted, the
 * connection is cut, and what is under way rejects with the signal's reason.
 */
export class SshConnector implements ShellConnector {
  readonly #timeouts: SshTimeouts;

  constructor(timeouts: SshTimeouts = TIMEOUTS) {
    this.#timeouts = timeouts;
  }

  async connect(target: ShellTarget, signal: AbortSignal): Promise<ConnectOutcome> {
    const opened = await logIn(target, this.#timeouts, signal);
    switch (opened.kind) {
      case 'open':
        return { kind: 'connected', session: new SshSession(opened, signal) };
      case 'unreachable':
        return { kind: 'unreachable', reason: opened.reason };
      case 'wrong-host-key':
      case 'refused':
        return opened;
    }
  }
}
