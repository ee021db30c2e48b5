import { andThen } from '@decent-cloud/domain/result.ts';
import { query } from '@decent-cloud/kit/azle/azle.methods.ts';
import type { WireResult } from '@decent-cloud/kit/errors/error-idl.ts';
import { PageArgument, parsePage } from '@decent-cloud/kit/errors/page-argument.ts';
import type { WirePageArgument } from '@decent-cloud/kit/errors/page-argument.ts';
import { pageOf } from '@decent-cloud/kit/wire/page-wire.ts';
import { canister } from '../composition.ts';
import { factStatus, listRefusedFacts } from '../flows/treasury/read-facts.flow.ts';
import { resultOf } from './wire/error-wire.ts';
import { factStatusWire, refusedFact } from './wire/fact-wire.ts';

const MAX_PAGE = 50;

const RefusedResult = resultOf(pageOf(refusedFact));
const StatusResult = resultOf(factStatusWire);

/** For operators: what the treasury was told, or could not be. */
export class FactEndpoints {
  @query([PageArgument], RefusedResult.type)
  list_refused_facts(wire: WirePageArgument): WireResult<unknown> {
    const page = parsePage(wire, MAX_PAGE);
    return RefusedResult.to(andThen(page, (request) => listRefusedFacts(canister, request)));
  }

  @query([], StatusResult.type)
  fact_status(): WireResult<unknown> {
    return StatusResult.to(factStatus(canister));
  }
}
