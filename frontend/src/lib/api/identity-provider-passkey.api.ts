import { AuthClient, ERROR_USER_INTERRUPT, type AuthClientStorage } from '@dfinity/auth-client';
import { DelegationIdentity, ECDSAKeyIdentity } from '@dfinity/identity';
import {
  endOfChainMs,
  loginOf,
  newSessionKey,
  SESSION_MS,
  type Login,
} from '../services/login.service.ts';
import { SignInEnded, type WindowProtocol } from './identity-provider-window.api.ts';

const NS_PER_MS = 1_000_000n;
/** By this name the library opens its window. */
const WINDOW_NAME = 'idpWindow';

/** Internet Identity by its own window protocol, in which people use their passkeys. */
export async function passkeyProtocol(identityProvider: string): Promise<WindowProtocol> {
  const keyPair = await newSessionKey();
  const session = await ECDSAKeyIdentity.fromKeyPair(keyPair);
  const client = await AuthClient.create({
    identity: session,
    storage: nowhere(),
    idleOptions: { disableIdle: true },
  });
  const start = (): Promise<Login> =>
    new Promise((resolve, reject) => {
      const onSuccess = (): void => {
        const identity = client.getIdentity();
        if (!(identity instanceof DelegationIdentity)) {
          reject(new SignInEnded('failed', 'No delegation came back.'));
          return;
        }
        const chain = identity.getDelegation();
        const endsAtMs = endOfChainMs(chain, Date.now());
        resolve(loginOf({ method: 'passkey', keyPair, session, chain, endsAtMs }));
      };
      const onError = (reason = ''): void => {
        const end = reason === ERROR_USER_INTERRUPT ? 'cancelled' : 'failed';
        reject(new SignInEnded(end, end === 'failed' ? reason : ''));
      };
      client
        .login({
          // The documented address: its front door sends this protocol where it belongs.
          identityProvider,
          maxTimeToLive: BigInt(SESSION_MS) * NS_PER_MS,
          onSuccess,
          onError,
        })
        .catch(reject);
    });
  return { windowName: WINDOW_NAME, start };
}

/** The page keeps sessions itself, of all ways to sign in alike. */
function nowhere(): AuthClientStorage {
  return {
    get: () => Promise.resolve(null),
    set: () => Promise.resolve(),
    remove: () => Promise.resolve(),
  };
}
