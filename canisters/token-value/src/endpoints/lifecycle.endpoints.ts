import { IDL } from '@dfinity/candid';
import { init, postUpgrade, preUpgrade } from 'azle';
import { query } from '@decent-cloud/kit/azle/azle.methods.ts';
import { refuseUpgradeWithOpenCalls } from '@decent-cloud/kit/guard/open-calls.ts';
import { answerHttp, HttpRequest, HttpResponse } from '@decent-cloud/kit/http/http-pages.ts';
import type { WireHttpRequest, WireHttpResponse } from '@decent-cloud/kit/http/http-pages.ts';
import { armTimers } from '@decent-cloud/kit/timers/timer-registry.ts';
import packageJson from '../../package.json' with { type: 'json' };
import { canister } from '../composition.ts';
import { TICK_SECONDS } from '../flows/sampler.ts';
import { ownMetrics } from './own-metrics.ts';

/** Install, upgrade, and what the canister tells anybody about itself. */
export class LifecycleEndpoints {
  @init([])
  init(): void {
    start();
  }

  /** A source that never answers blocks this canister's upgrade, and no other's: see README. */
  @preUpgrade
  pre_upgrade(): void {
    refuseUpgradeWithOpenCalls(canister.runtime);
  }

  @postUpgrade([])
  post_upgrade(): void {
    start();
  }

  /** The released version of this code. */
  @query([], IDL.Text)
  version(): string {
    return packageJson.version;
  }

  /** `/healthz` and `/metrics`. */
  @query([HttpRequest], HttpResponse)
  http_request(request: WireHttpRequest): WireHttpResponse {
    const metrics = () => canister.metrics.with(ownMetrics(canister));
    return answerHttp(request, { version: packageJson.version, metrics });
  }
}

/** An upgrade may have taken minutes: the first tick does not wait for the clock. */
function start(): void {
  const { metrics, sampler, timers } = canister;
  metrics.markStart();
  timers.once({ afterSeconds: 0, run: () => void sampler.tick() });
  const run = () => sampler.scheduleTick();
  armTimers(timers, [{ name: 'sample', everySeconds: TICK_SECONDS, run }]);
}
