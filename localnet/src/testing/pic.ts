import { PocketIc, type CreateInstanceOptions } from '@dfinity/pic';
import { inject, onTestFinished } from 'vitest';
import type {} from './pic-server.ts';

/**
 * A fresh PocketIC instance on the run's one server, torn down when the test ends. Call it inside a
 * test; `options` are those of `PocketIc.create`.
 */
export async function openPic(options?: CreateInstanceOptions): Promise<PocketIc> {
  const pic = await PocketIc.create(inject('picUrl'), options);
  onTestFinished(() => pic.tearDown());
  return pic;
}
