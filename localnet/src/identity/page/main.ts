import { delegate } from './delegate.ts';
import { forgetPeople, knownPeople, rememberPerson } from './known-people.ts';
import { showLogin, showMessage, showProblem } from './login-view.ts';
import { methodOf } from './methods.ts';
import { laterTimeMs } from './network-time.ts';
import { OpenerChannel, type Opener, type PendingLogin } from './opener-channel.ts';
import { refusalToDerive } from './origins.ts';
import { personKey, type LoginMethod } from './person-key.ts';
import { AUTHORIZE_READY } from './window-protocol.ts';

const ASKED_TO_FAIL = 'The development identity page was told to answer with an error';

function isOpener(value: unknown): value is Opener {
  return typeof value === 'object' && value !== null && 'postMessage' in value;
}

function start(): void {
  const opener: unknown = window.opener;
  if (!isOpener(opener)) {
    showMessage('No app asked for a login. Use the login button of an app: it opens this page.');
    return;
  }
  const channel = new OpenerChannel({
    opener,
    onLogin: (login) => void ask(login),
    onForeigner: (origin) =>
      showMessage(`Refused: this page serves apps on this machine only, and ${origin} is not.`),
  });
  window.addEventListener('message', (event) => channel.receive(event));
  showMessage('Waiting for the app…');
  if (location.hash === '#authorize') opener.postMessage(AUTHORIZE_READY, '*');
}

async function ask(login: PendingLogin): Promise<void> {
  const method = methodOf(location.search);
  if (method === undefined) {
    refuse(login, 'The app asked for an account provider that this page does not know.');
    return;
  }
  const { origin, derivationOrigin = origin } = login;
  const refusal = await refusalToDerive({ origin, derivationOrigin });
  if (refusal !== undefined) {
    refuse(login, `The app may not use identities of ${derivationOrigin}: ${refusal}`);
    return;
  }
  showLogin({
    method,
    origin,
    derivationOrigin,
    people: knownPeople(localStorage, method),
    onPerson: (person) => void logIn({ login, method, person, origin: derivationOrigin }),
    onForget: () => forgetPeople(localStorage, method),
    onCancel: () => {
      login.answer({ kind: 'cancelled' });
      showMessage('Cancelled. You can close this window.');
    },
    onFail: () => refuse(login, ASKED_TO_FAIL),
  });
}

function refuse(login: PendingLogin, reason: string): void {
  login.answer({ kind: 'failed', reason });
  showMessage(`${reason} You can close this window.`);
}

interface Choice {
  readonly login: PendingLogin;
  readonly method: LoginMethod;
  readonly person: string;
  readonly origin: string;
}

async function logIn({ login, method, person, origin }: Choice): Promise<void> {
  try {
    const chain = await delegate({
      person: personKey({ method, person, origin }),
      sessionKeyDer: login.sessionKeyDer,
      timeToLiveNs: login.timeToLiveNs,
      nowMs: await laterTimeMs(Date.now()),
    });
    rememberPerson(localStorage, method, person);
    login.answer({ kind: 'delegated', chain, method });
    showMessage('Logged in. You can close this window.');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    showProblem(`You are not logged in: ${reason}. Is the local network running? Try again.`);
  }
}

start();
