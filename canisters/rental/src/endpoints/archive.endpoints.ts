import type { RentalId } from '@decent-cloud/domain/ids.ts';
import { query } from '@decent-cloud/kit/azle/azle.methods.ts';
import type { WireResult } from '@decent-cloud/kit/errors/error-idl.ts';
import { count, fromWire } from '@decent-cloud/kit/wire/wire.ts';
import { canister } from '../composition.ts';
import { archiveStatus } from '../flows/archive/archive-status.ts';
import { exportMyRentals, exportRental } from '../flows/archive/export-rentals.flow.ts';
import {
  archiveStatusWire,
  exportedRental,
  exportPart,
  exportRequest,
  rentalsFrom,
} from './wire/archive-wire.ts';
import { resultOf } from './wire/error-wire.ts';

const PartResult = resultOf(exportPart);
const RentalResult = resultOf(exportedRental);
const StatusResult = resultOf(archiveStatusWire);

/** Rentals as files, and their way to the archive. */
export class ArchiveEndpoints {
  @query([exportRequest.type], PartResult.type)
  export_my_rentals(request: unknown): WireResult<unknown> {
    return PartResult.to(exportMyRentals(canister, fromWire(exportRequest, request)));
  }

  @query([count.type], RentalResult.type)
  export_rental(id: unknown): WireResult<unknown> {
    return RentalResult.to(exportRental(canister, fromWire<RentalId>(count, id)));
  }

  /** Controllers only. */
  @query([rentalsFrom.type], StatusResult.type)
  archive_status(problems: unknown): WireResult<unknown> {
    return StatusResult.to(archiveStatus(canister, fromWire(rentalsFrom, problems)));
  }
}
