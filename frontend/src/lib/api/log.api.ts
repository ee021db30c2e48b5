import type { LogPiece } from '../services/log.service.ts';
import type { Actors } from './actors.api.ts';
import { okOf } from './refusal.ts';
import type { Rental } from './wire.ts';

const PIECE_BYTES = 65_536;
const JOBS = 50;

/** What was done for a rental, the newest first. */
export async function listRentalJobs(
  { rental }: Pick<Actors, 'rental'>,
  rentalId: bigint,
): Promise<readonly Rental.Job[]> {
  const page = { from: [] as [], limit: JOBS };
  return okOf(await rental.list_rental_jobs({ rental_id: rentalId, page })).rows;
}

/** What a job printed, from a byte on. */
export async function readLog(
  { rental }: Pick<Actors, 'rental'>,
  asked: { readonly jobId: bigint; readonly offset: number },
): Promise<LogPiece> {
  const piece = okOf(
    await rental.get_log({
      job_id: asked.jobId,
      offset: BigInt(asked.offset),
      limit: PIECE_BYTES,
    }),
  );
  return {
    offset: Number(piece.offset),
    bytes: piece.bytes,
    totalBytes: Number(piece.total_bytes),
  };
}
