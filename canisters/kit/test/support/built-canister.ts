import { readFileSync } from 'node:fs';
import type { IDL } from '@dfinity/candid';
import { createIdentity, type Actor, type ActorInterface } from '@dfinity/pic';
import { openPic } from '@decent-cloud/localnet/testing/pic.ts';
import { layoutOf } from '../../../../scripts/canisters/layout.ts';
import { NO_ARGUMENTS } from './probe.ts';

/** Installs every canister, and is its only controller. */
export const CONTROLLER = createIdentity('controller').getPrincipal();

/** What each canister shows over HTTP. */
interface HttpService {
  readonly http_request: (request: HttpRequest) => Promise<HttpResponse>;
}
interface HttpRequest {
  readonly url: string;
  readonly method: string;
  readonly body: Uint8Array;
  readonly headers: [string, string][];
  readonly certificate_version: [];
}
interface HttpResponse {
  readonly status_code: number;
  readonly body: Uint8Array;
}

export interface InstalledCanister<Service extends ActorInterface<Service>> {
  readonly actor: Actor<Service>;
  readonly upgrade: () => Promise<void>;
  /** The text of a page that must be there. */
  readonly readPage: (url: string) => Promise<string>;
}

/** A canister as `npm run build:canisters` leaves it, in an instance of its own. */
export async function installCanister<Service extends ActorInterface<Service>>(canister: {
  readonly name: string;
  readonly idlFactory: IDL.InterfaceFactory;
}): Promise<InstalledCanister<Service>> {
  const pic = await openPic();
  const wasm = new Uint8Array(readFileSync(layoutOf(canister.name).output.gzippedWasm));
  // The client brings its own copy of the Candid library, which the factory is handed at run time.
  const idlFactory = canister.idlFactory as never;
  const { actor, canisterId } = await pic.setupCanister<Service>({
    idlFactory,
    wasm,
    arg: NO_ARGUMENTS,
    sender: CONTROLLER,
  });
  const http = pic.createActor<HttpService>(idlFactory, canisterId);
  return {
    actor,
    upgrade: () => pic.upgradeCanister({ canisterId, wasm, arg: NO_ARGUMENTS, sender: CONTROLLER }),
    async readPage(url) {
      const request = { url, method: 'GET', body: new Uint8Array(0), headers: [] };
      const response = await http.http_request({ ...request, certificate_version: [] });
      if (response.status_code !== 200) throw new Error(`${url}: ${response.status_code}`);
      return Buffer.from(response.body).toString('utf8');
    },
  };
}
