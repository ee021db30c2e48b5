import type { RentalId } from '@decent-cloud/domain/ids.ts';
import { andThen, type Result } from '@decent-cloud/domain/result.ts';
import { query, update } from '@decent-cloud/kit/azle/azle.methods.ts';
import type { WireResult } from '@decent-cloud/kit/errors/error-idl.ts';
import { PageArgument, parsePage } from '@decent-cloud/kit/errors/page-argument.ts';
import type { WirePageArgument } from '@decent-cloud/kit/errors/page-argument.ts';
import { pageOf } from '@decent-cloud/kit/wire/page-wire.ts';
import { count, fromWire, list, text, type Wire } from '@decent-cloud/kit/wire/wire.ts';
import { canister } from '../composition.ts';
import type { ArchiveRefusal } from '../flows/archive-errors.ts';
import { exportRentals } from '../flows/export-rentals.flow.ts';
import { listOwnRentals, readRental } from '../flows/read-rentals.flow.ts';
import { storeRentals } from '../flows/store-rentals.flow.ts';
import { resultOf } from './wire/error-wire.ts';
import { archivedSummary, archivedView, exportPart } from './wire/rental-wire.ts';
import { handedRentals, recordFormat } from './wire/rental-wire.ts';

const MAX_PAGE = 50;

const storeAnswers: Wire<readonly Result<string, ArchiveRefusal>[]> = list(resultOf(text));
const StoreResult = resultOf(storeAnswers);
const RentalResult = resultOf(archivedView);
const ListResult = resultOf(pageOf(archivedSummary));
const ExportResult = resultOf(exportPart);

/** Closed rentals: written once by the market, read by their parties. */
export class RentalEndpoints {
  /** Listed writers only. */
  @update([handedRentals.type], StoreResult.type)
  store_rentals(rentals: unknown): WireResult<unknown> {
    return StoreResult.to(storeRentals(canister, fromWire(handedRentals, rentals)));
  }

  /** For its parties and controllers. */
  @query([count.type], RentalResult.type)
  get_rental(id: bigint): WireResult<unknown> {
    return RentalResult.to(readRental(canister, fromWire<RentalId>(count, id)));
  }

  /** What the caller may read. */
  @query([PageArgument], ListResult.type)
  list_my_rentals(page: WirePageArgument): WireResult<unknown> {
    const request = parsePage(page, MAX_PAGE);
    return ListResult.to(andThen(request, (wanted) => listOwnRentals(canister, wanted)));
  }

  /** The same as a file. */
  @query([recordFormat.type, PageArgument], ExportResult.type)
  export_my_rentals(format: unknown, page: WirePageArgument): WireResult<unknown> {
    const request = parsePage(page, MAX_PAGE);
    return ExportResult.to(
      andThen(request, (wanted) =>
        exportRentals(canister, { format: fromWire(recordFormat, format), page: wanted }),
      ),
    );
  }
}
