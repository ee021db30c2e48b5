import { describe, expect, it } from 'vitest';
import type { HttpsOutcallResponseMock, PendingHttpsOutcall, PocketIc } from '@dfinity/pic';
import { subjectIdl, type SubjectService } from '../fixtures/pic-subject.ts';
import { openSubject, textArg, type SubjectWorld } from './world.ts';

const URL_ASKED = 'https://prices.example/icp';
const encoder = new TextEncoder();

/** HTTPS outcalls, answered by the test. */
export function outcallScenarios(): void {
  describe('HTTPS outcalls', () => {
    it('wait for a mock, which the canister transforms', async () => {
      const { pic, result } = await fetchSubject();
      const outcall = await onlyOutcall(pic);
      expect(outcall).toMatchObject({
        url: URL_ASKED,
        httpMethod: 'POST',
        maxResponseBytes: 2_000,
      });
      expect(outcall.headers).toContainEqual(['X-Test', 'yes']);
      expect(new TextDecoder().decode(outcall.body)).toBe('ask');
      await pic.mockPendingHttpsOutcall({
        requestId: outcall.requestId,
        subnetId: outcall.subnetId,
        response: {
          type: 'success',
          statusCode: 201,
          headers: [['date', 'today']],
          body: encoder.encode('12.5'),
        },
      });
      expect(await result()).toBe('201 12.5 0');
      expect(await pic.getPendingHttpsOutcalls()).toEqual([]);
    });

    it('can be rejected', async () => {
      const { pic, result } = await fetchSubject();
      const { requestId, subnetId } = await onlyOutcall(pic);
      const response = { type: 'reject', statusCode: 2, message: 'connection refused' } as const;
      await pic.mockPendingHttpsOutcall({ requestId, subnetId, response });
      expect(await result()).toBe('rejected: connection refused');
    });

    it('take one answer per node of the subnet', async () => {
      const { pic, result, canisterId } = await fetchSubject();
      const { requestId, subnetId } = await onlyOutcall(pic);
      const topology = await pic.getTopology();
      const home = await pic.getCanisterSubnetId(canisterId);
      const subnet = topology.find(({ id }) => id.toText() === home?.toText());
      const size = subnet?.size ?? 0;
      const response: HttpsOutcallResponseMock = {
        type: 'success',
        statusCode: 200,
        headers: [],
        body: encoder.encode('agreed'),
      };
      const answers = (count: number) => Array.from({ length: count }, () => response);
      const mock = { requestId, subnetId, response };
      await expect(
        pic.mockPendingHttpsOutcall({ ...mock, additionalResponses: answers(size) }),
      ).rejects.toThrow(/InvalidMockCanisterHttpResponses/);
      await pic.mockPendingHttpsOutcall({ ...mock, additionalResponses: answers(size - 1) });
      expect(await result()).toBe('200 agreed 0');
    });

    it('refuse a mock for a request or subnet that does not exist', async () => {
      const { pic } = await fetchSubject();
      const { requestId, subnetId } = await onlyOutcall(pic);
      const response = { type: 'reject', statusCode: 2, message: '' } as const;
      await expect(
        pic.mockPendingHttpsOutcall({ requestId: requestId + 99, subnetId, response }),
      ).rejects.toThrow(/InvalidCanisterHttpRequestId/);
      await expect(
        pic.mockPendingHttpsOutcall({
          requestId,
          subnetId,
          response: { ...response, statusCode: 99 },
        }),
      ).rejects.toThrow(/InvalidRejectCode/);
    });

    it('leave the call unanswered, which waiting reports after a hundred rounds', async () => {
      const { pic, canisterId } = await openSubject();
      const call = pic.updateCall({ canisterId, method: 'fetch', arg: textArg(URL_ASKED) });
      await expect(call).rejects.toThrow(/after 100 rounds/);
      expect(await pic.getPendingHttpsOutcalls()).toHaveLength(1);
    });
  });
}

/** A subject whose outcall is pending. */
async function fetchSubject(): Promise<SubjectWorld & { result: () => Promise<string> }> {
  const world = await openSubject();
  const { pic, canisterId } = world;
  const deferred = pic.createDeferredActor<SubjectService>(subjectIdl, canisterId);
  const result = await deferred.fetch(URL_ASKED);
  await pic.tick(2);
  return { ...world, result: async () => result() };
}

async function onlyOutcall(pic: PocketIc): Promise<PendingHttpsOutcall> {
  const [outcall, ...others] = await pic.getPendingHttpsOutcalls();
  expect(others).toEqual([]);
  if (outcall === undefined) throw new Error('No HTTPS outcall is pending');
  return outcall;
}
