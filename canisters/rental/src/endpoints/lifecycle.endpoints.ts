import { IDL } from '@dfinity/candid';
import { init, postUpgrade, preUpgrade } from 'azle';
import { query } from '@decent-cloud/kit/azle/azle.methods.ts';
import { refuseUpgradeWithOpenCalls } from '@decent-cloud/kit/guard/open-calls.ts';
import { answerHttp, HttpRequest, HttpResponse } from '@decent-cloud/kit/http/http-pages.ts';
import type { WireHttpRequest, WireHttpResponse } from '@decent-cloud/kit/http/http-pages.ts';
import { armTimers } from '@decent-cloud/kit/timers/timer-registry.ts';
import packageJson from '../../package.json' with { type: 'json' };
import { canister } from '../composition.ts';
import { timerTasks } from '../flows/timer-tasks.ts';
import { rentalTroubles } from '../flows/rental-health.ts';
import { rentalMetrics } from './rental-metrics.ts';

/** Install, upgrade, and what the canister tells anybody about itself. */
export class LifecycleEndpoints {
  @init([])
  init(): void {
    start();
  }

  /** Answers that are awaited would be lost; stop the canister first. */
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
    return answerHttp(request, {
      version: packageJson.version,
      metrics: () => canister.metrics.with(rentalMetrics(canister)),
      troubles: () => rentalTroubles(canister),
    });
  }
}

/** What a query opens it forgets, so everything is opened once by a message of its own. */
function start(): void {
  canister.metrics.markStart();
  armTimers(canister.timers, timerTasks(canister));
  canister.timers.once({ afterSeconds: 0, run: () => canister.storage.openAll() });
}
