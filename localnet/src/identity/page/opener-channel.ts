import type { LoginAnswer, LoginRequest } from './login-request.ts';
import { isLocalOrigin } from './origins.ts';
import { readSignerMessage } from './signer-protocol.ts';
import { readWindowMessage } from './window-protocol.ts';

/** The window that opened the page, as far as a page of another origin may use it. */
export interface Opener {
  postMessage(message: unknown, targetOrigin: string): void;
}

/** What of a `MessageEvent` is looked at. */
export interface OpenerMessage {
  readonly data: unknown;
  readonly origin: string;
  readonly source: unknown;
}

/** Somebody is asked to log in. */
export interface PendingLogin extends LoginRequest {
  /** Of the page that asked. */
  readonly origin: string;
  /** Sends the answer to that page. Only the first one is. */
  answer(answer: LoginAnswer): void;
}

export interface OpenerChannelOptions {
  readonly opener: Opener;
  readonly onLogin: (login: PendingLogin) => void;
  /** A page from elsewhere asked; it has been refused. */
  readonly onForeigner: (origin: string) => void;
}

/**
 * Listens to the window that opened the page and to nobody else, and answers at the origin that
 * asked first: should the opener move on to another page, that one learns nothing.
 */
export class OpenerChannel {
  readonly #options: OpenerChannelOptions;
  #origin: string | undefined;
  #isAsking = false;

  constructor(options: OpenerChannelOptions) {
    this.#options = options;
  }

  receive({ data, origin, source }: OpenerMessage): void {
    if (source !== this.#options.opener) return;
    if (this.#origin !== undefined && this.#origin !== origin) return;
    const byWindow = readWindowMessage(data);
    const incoming = byWindow.kind === 'unknown' ? readSignerMessage(data) : byWindow;
    if (incoming.kind === 'unknown' || !URL.canParse(origin)) return;
    this.#origin = origin;
    const send = (message: object): void => this.#options.opener.postMessage(message, origin);
    if (incoming.kind === 'reply') {
      send(incoming.message);
      return;
    }
    const refuse = (reason: string): void => send(incoming.toMessage({ kind: 'failed', reason }));
    if (!isLocalOrigin(origin)) {
      refuse(`The development identity page serves pages on its own machine, not ${origin}`);
      this.#options.onForeigner(origin);
      return;
    }
    if (this.#isAsking) {
      refuse('Somebody is already being asked to log in');
      return;
    }
    this.#ask({ ...incoming.request, origin }, (answer) => send(incoming.toMessage(answer)));
  }

  #ask(request: LoginRequest & { origin: string }, send: (answer: LoginAnswer) => void): void {
    this.#isAsking = true;
    let isAnswered = false;
    const answer = (given: LoginAnswer): void => {
      if (isAnswered) return;
      isAnswered = true;
      this.#isAsking = false;
      send(given);
    };
    this.#options.onLogin({ ...request, answer });
  }
}
