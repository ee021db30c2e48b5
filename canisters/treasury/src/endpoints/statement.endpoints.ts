import { andThen } from '@decent-cloud/domain/result.ts';
import { query } from '@decent-cloud/kit/azle/azle.methods.ts';
import type { WireResult } from '@decent-cloud/kit/errors/error-idl.ts';
import { canister } from '../composition.ts';
import { statement } from '../flows/statement.flow.ts';
import { resultOf } from './wire/error-wire.ts';
import { StatementArgument, statementFromWire, statementPart } from './wire/statement-wire.ts';
import type { WireStatementArgument } from './wire/statement-wire.ts';

const StatementResult = resultOf(statementPart);

/** Files for the caller's own books. */
export class StatementEndpoints {
  /**
   * The caller's transfers planned within `[from_ns, to_ns)`, as text. Where `next` is given, ask again
   * with it as the page's `from`. CSV parts are put together as they are; each JSON part is an array.
   */
  @query([StatementArgument], StatementResult.type)
  statement(wire: WireStatementArgument): WireResult<unknown> {
    return StatementResult.to(
      andThen(statementFromWire(wire), (request) => statement(canister, request)),
    );
  }
}
