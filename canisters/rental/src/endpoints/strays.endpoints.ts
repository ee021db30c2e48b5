import { query, update } from '@decent-cloud/kit/azle/azle.methods.ts';
import type { WireResult } from '@decent-cloud/kit/errors/error-idl.ts';
import { fromWire, nothing } from '@decent-cloud/kit/wire/wire.ts';
import { canister } from '../composition.ts';
import { listStrays } from '../flows/strays/list-strays.ts';
import { reportStrayDeleted, reportStrays } from '../flows/strays/report-strays.flow.ts';
import { resultOf } from './wire/error-wire.ts';
import {
  serverAddress,
  strayPage,
  straysReport,
  straysRequest,
  strayVerdicts,
} from './wire/stray-wire.ts';

const VerdictsResult = resultOf(strayVerdicts);
const NothingResult = resultOf(nothing);
const PageResult = resultOf(strayPage);

/** Servers that no rental has. */
export class StrayEndpoints {
  /** The agent of the account only. */
  @update([straysReport.type], VerdictsResult.type)
  report_strays(raw: unknown): WireResult<unknown> {
    return VerdictsResult.to(reportStrays(canister, fromWire(straysReport, raw)));
  }

  /** The agent of the account only. */
  @update([serverAddress.type], NothingResult.type)
  report_stray_deleted(raw: unknown): WireResult<unknown> {
    return NothingResult.to(reportStrayDeleted(canister, fromWire(serverAddress, raw)));
  }

  /** The seller of the account, its agent, controllers. */
  @query([straysRequest.type], PageResult.type)
  list_strays(raw: unknown): WireResult<unknown> {
    return PageResult.to(listStrays(canister, fromWire(straysRequest, raw)));
  }
}
