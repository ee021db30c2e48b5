import type { Evidence } from './evidence.ts';

/**
 * Where nobody looked nothing is found: what must have left traces is held against the traces that there
 * are. Gives what was not seen.
 */
export function judgeEvidence(evidence: Evidence): readonly string[] {
  const { rentals, solvency } = evidence;
  const ready = rentals.filter(({ wasReady }) => wasReady).map(({ rentalId }) => rentalId);
  return [
    ...ready
      .filter((rentalId) => !hadServer(evidence, rentalId))
      .map((rentalId) => `rental ${rentalId} was ready, and no cloud was seen to have its server`),
    ...ready
      .filter((rentalId) => !wasClaimed(evidence, rentalId))
      .map((rentalId) => `rental ${rentalId} was ready, and nobody was seen to take its job`),
    ...(rentals.length === 0 ? ['no rental was seen'] : []),
    ...(solvency.length === 0 ? ["the treasury's books were not seen"] : []),
  ];
}

function hadServer({ servers, installation }: Evidence, rentalId: number): boolean {
  return servers.some(
    ({ labels }) =>
      labels['dc-installation'] === installation && labels['dc-rental'] === rentalId.toString(),
  );
}

function wasClaimed({ jobs, claims }: Evidence, rentalId: number): boolean {
  const made = jobs.find((job) => job.rentalId === rentalId && job.kind === 'Provision');
  return made !== undefined && claims.some(({ jobId }) => jobId === made.jobId);
}
