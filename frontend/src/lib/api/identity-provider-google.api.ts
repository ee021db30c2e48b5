import { DelegationChain, ECDSAKeyIdentity } from '@dfinity/identity';
import { AuthClient } from '@icp-sdk/auth/client';
import {
  DelegationIdentity as SignerDelegation,
  ECDSAKeyIdentity as SignerKey,
} from '@icp-sdk/core/identity';
import {
  endOfChainMs,
  loginOf,
  newSessionKey,
  SESSION_MS,
  type Login,
} from '../services/login.service.ts';
import { SignInEnded, type WindowProtocol } from './identity-provider-window.api.ts';

const NS_PER_MS = 1_000_000n;
/** Source: ICRC-25, "Errors": the person said no; the window is gone. */
const ACTION_ABORTED = 3_001;
const NETWORK_ERROR = 4_000;

/** Internet Identity with a Google account in one click, by the signer protocol (ICRC-29, ICRC-34). */
export async function googleProtocol(identityProvider: string): Promise<WindowProtocol> {
  const keyPair = await newSessionKey();
  const [session, signerKey] = await Promise.all([
    ECDSAKeyIdentity.fromKeyPair(keyPair),
    SignerKey.fromKeyPair(keyPair),
  ]);
  const client = new AuthClient({
    identity: signerKey,
    identityProvider: new URL('/authorize', identityProvider),
    openIdProvider: 'google',
    idleOptions: { disableIdle: true },
    storage: {
      get: () => Promise.resolve(null),
      set: () => Promise.resolve(),
      remove: () => Promise.resolve(),
    },
  });
  const start = async (): Promise<Login> => {
    const signedIn = await client
      .signIn({ maxTimeToLive: BigInt(SESSION_MS) * NS_PER_MS })
      .catch((error: unknown) => {
        throw endOf(error);
      });
    if (!(signedIn instanceof SignerDelegation)) {
      throw new SignInEnded('failed', 'No delegation came back.');
    }
    // The library's own classes are not the agent's: as JSON both read the same.
    const chain = DelegationChain.fromJSON(JSON.stringify(signedIn.getDelegation().toJSON()));
    const endsAtMs = endOfChainMs(chain, Date.now());
    return loginOf({ method: 'google', keyPair, session, chain, endsAtMs });
  };
  return { windowName: `${new URL(identityProvider).origin}-signer-window`, start };
}

function endOf(error: unknown): SignInEnded {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === ACTION_ABORTED || code === NETWORK_ERROR) return new SignInEnded('cancelled');
  return new SignInEnded('failed', error instanceof Error ? error.message : String(error));
}
