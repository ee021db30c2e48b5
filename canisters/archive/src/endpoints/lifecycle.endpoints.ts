import { IDL } from '@dfinity/candid';
import { init, postUpgrade } from 'azle';
import { query } from '@decent-cloud/kit/azle/azle.methods.ts';
import { answerHttp, HttpRequest, HttpResponse } from '@decent-cloud/kit/http/http-pages.ts';
import type { WireHttpRequest, WireHttpResponse } from '@decent-cloud/kit/http/http-pages.ts';
import { gauge, type Metric } from '@decent-cloud/kit/http/metrics.ts';
import packageJson from '../../package.json' with { type: 'json' };
import { canister } from '../composition.ts';

/** Install, upgrade, and what the canister tells anybody about itself. */
export class LifecycleEndpoints {
  @init([])
  init(): void {
    canister.metrics.markStart();
  }

  @postUpgrade([])
  post_upgrade(): void {
    canister.metrics.markStart();
  }

  /** The released version of this code. */
  @query([], IDL.Text)
  version(): string {
    return packageJson.version;
  }

  /** `/healthz` and `/metrics`. */
  @query([HttpRequest], HttpResponse)
  http_request(request: WireHttpRequest): WireHttpResponse {
    const metrics = () => canister.metrics.with(ownMetrics());
    return answerHttp(request, { version: packageJson.version, metrics });
  }
}

function ownMetrics(): readonly Metric[] {
  const { records } = canister.storage;
  return [
    gauge({ name: 'dc_archive_rentals', help: 'Closed rentals kept', value: records.size() }),
  ];
}
