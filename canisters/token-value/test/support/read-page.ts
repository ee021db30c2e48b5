import type { SyncActor } from '@decent-cloud/localnet/testing/sync-actor.ts';
import type { _SERVICE as TokenValue } from '../../../../dist/canisters/token-value/declarations/token-value.did.ts';

/** The text of a page that must be there. */
export function readPage(actor: SyncActor<TokenValue>, url: string): string {
  const response = actor.http_request({
    url,
    method: 'GET',
    body: new Uint8Array(0),
    headers: [],
    certificate_version: [],
  });
  if (response.status_code !== 200) throw new Error(`${url}: ${response.status_code}`);
  return Buffer.from(response.body).toString('utf8');
}
