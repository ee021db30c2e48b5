import { request } from 'node:http';
import type { Principal } from '@dfinity/principal';
import { StartError } from './start-error.ts';

const TIMEOUT_MS = 30_000;

/**
 * Asks a canister's `/healthz` through the gateway, as a browser would at its own address. The name
 * goes into the Host header, because not every system resolves `*.localhost`.
 */
export function fetchHealth(gatewayUrl: string, canisterId: Principal): Promise<string> {
  const { hostname, port } = new URL(gatewayUrl);
  const headers = { host: `${canisterId.toText()}.raw.localhost:${port}` };
  return new Promise((resolve, reject) => {
    const asked = request({ hostname, port, path: '/healthz', headers, timeout: TIMEOUT_MS });
    asked.on('response', (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.on('end', () => {
        if (response.statusCode === 200) resolve(text.trim());
        else
          reject(
            new StartError(
              `/healthz of ${canisterId.toText()}: ${response.statusCode ?? '?'} ${text}`,
            ),
          );
      });
    });
    asked.on('timeout', () => asked.destroy(new Error('timed out')));
    asked.on('error', (cause) => {
      reject(new StartError(`/healthz of ${canisterId.toText()} did not answer`, { cause }));
    });
    asked.end();
  });
}
