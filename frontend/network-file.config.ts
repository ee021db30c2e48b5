import { createReadStream } from 'node:fs';
import process from 'node:process';
import type { Plugin } from 'vite';

const CANISTERS = ['rental', 'treasury', 'token-value', 'archive'];

/** `token-value` → `CANISTER_ID_TOKEN_VALUE`, the variable that dfx sets for a build. */
function idVariable(name: string): string {
  return `CANISTER_ID_${name.replaceAll('-', '_').toUpperCase()}`;
}

/**
 * Provides `network.json`, which says where the page is deployed. A build that a deploy tool started
 * for the IC emits it from the canister ids in the environment; the development server serves the
 * file that `NETWORK_FILE` names; `npm start` writes its own beside the built page.
 */
export function networkFile(env: NodeJS.ProcessEnv = process.env): Plugin {
  const localFile = env['NETWORK_FILE'];
  return {
    name: 'decent-cloud-network-file',
    configureServer(server) {
      if (localFile === undefined) return;
      server.middlewares.use('/network.json', (_request, response) => {
        response.setHeader('content-type', 'application/json');
        createReadStream(localFile).pipe(response);
      });
    },
    generateBundle() {
      const ids = CANISTERS.map((name) => [name, env[idVariable(name)]] as const);
      if (env['DFX_NETWORK'] !== 'ic' || ids.some(([, id]) => id === undefined)) return;
      const network = {
        network: 'ic',
        gatewayUrl: 'https://icp0.io',
        canisters: Object.fromEntries(ids),
        identityProvider: 'https://id.ai',
      };
      this.emitFile({ type: 'asset', fileName: 'network.json', source: JSON.stringify(network) });
    },
  };
}
