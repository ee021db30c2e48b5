import process from 'node:process';
import type { Plugin } from 'vite';

const CANISTERS = ['rental', 'treasury', 'token-value', 'archive'];

/** `token-value` → `CANISTER_ID_TOKEN_VALUE`, the variable that dfx sets for a build. */
function idVariable(name: string): string {
  return `CANISTER_ID_${name.replaceAll('-', '_').toUpperCase()}`;
}

/**
 * Emits `network.json` for a build that a deploy tool started with the canister ids in the
 * environment. Without them nothing is emitted: `npm start` writes its own beside the page.
 */
export function networkFile(env: NodeJS.ProcessEnv = process.env): Plugin {
  return {
    name: 'decent-cloud-network-file',
    apply: 'build',
    generateBundle() {
      const ids = CANISTERS.map((name) => [name, env[idVariable(name)]] as const);
      if (env['DFX_NETWORK'] !== 'ic' || ids.some(([, id]) => id === undefined)) return;
      const network = {
        network: 'ic',
        gatewayUrl: 'https://icp0.io',
        canisters: Object.fromEntries(ids),
      };
      this.emitFile({ type: 'asset', fileName: 'network.json', source: JSON.stringify(network) });
    },
  };
}
