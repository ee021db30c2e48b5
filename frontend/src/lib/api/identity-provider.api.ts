import type { Login } from '../services/login.service.ts';
import {
  SignInEnded,
  type WindowMethod,
  type WindowProtocol,
} from './identity-provider-window.api.ts';

/** All that is needed to sign in has been loaded, so that the window can open within a click. */
export interface PreparedSignIn {
  /**
   * Opens the window: call it in the very task of a click, or browsers block it. The signal closes it.
   * Errors: `SignInEnded`.
   */
  open(signal: AbortSignal): Promise<Login>;
}

const LONGEST_MS = 300_000;
const LOOK_EVERY_MS = 250;
/** A window that is done closes itself; its answer may come a moment after that. */
const ANSWER_AFTER_CLOSE_MS = 2_500;
const WIDTH_PX = 480;
const HEIGHT_PX = 720;

/**
 * Loads the code of a way to sign in and makes a session key. Errors: `SignInEnded` if it cannot be
 * loaded.
 */
export async function prepareSignIn(
  method: WindowMethod,
  identityProvider: string,
): Promise<PreparedSignIn> {
  const protocol = await load(method, identityProvider).catch((cause: unknown) => {
    throw new SignInEnded('not-loaded', cause instanceof Error ? cause.message : String(cause));
  });
  return { open: (signal) => openWindow(protocol, signal) };
}

async function load(method: WindowMethod, identityProvider: string): Promise<WindowProtocol> {
  if (method === 'google') {
    const { googleProtocol } = await import('./identity-provider-google.api.ts');
    return googleProtocol(identityProvider);
  }
  const { passkeyProtocol } = await import('./identity-provider-passkey.api.ts');
  return passkeyProtocol(identityProvider);
}

/**
 * Neither library tells a blocked window, and one of them no closed one, so the window is opened here:
 * they take it over by its name.
 */
function openWindow(protocol: WindowProtocol, signal: AbortSignal): Promise<Login> {
  const opened = window.open('', protocol.windowName, features());
  if (opened === null) return Promise.reject(new SignInEnded('blocked'));
  // In this task still: what the library opens has to count as the same click.
  const answer = protocol.start();
  return new Promise<Login>((resolve, reject) => {
    const startedAtMs = Date.now();
    let closedAtMs: number | undefined;
    const finish = (): void => {
      clearInterval(timer);
      opened.close();
      window.focus();
    };
    const timer = setInterval(() => {
      const nowMs = Date.now();
      if (opened.closed) closedAtMs ??= nowMs;
      const isClosed = closedAtMs !== undefined && nowMs - closedAtMs > ANSWER_AFTER_CLOSE_MS;
      const isTooLate = nowMs - startedAtMs > LONGEST_MS;
      if (isClosed || signal.aborted) reject(new SignInEnded('cancelled'));
      else if (isTooLate) reject(new SignInEnded('timed-out'));
      else return;
      finish();
    }, LOOK_EVERY_MS);
    answer.then(resolve, reject).finally(finish);
  });
}

function features(): string {
  const left = Math.round(window.screenX + (window.outerWidth - WIDTH_PX) / 2);
  const top = Math.round(window.screenY + (window.outerHeight - HEIGHT_PX) / 3);
  return `popup,width=${WIDTH_PX},height=${HEIGHT_PX},left=${left},top=${Math.max(0, top)}`;
}
