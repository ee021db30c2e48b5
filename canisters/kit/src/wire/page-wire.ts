import { lazy } from '../candid/lazy-type.ts';
import { pageToWire, pageType } from '../errors/page-argument.ts';
import type { Page } from '../store/page.ts';
import { unread, type Wire } from './wire.ts';

/** A page whose rows are written by `wire`. */
export function pageOf<T>(wire: Wire<T>): Wire<Page<T>> {
  return {
    type: lazy(() => pageType(wire.type)),
    to: (page) => pageToWire(page, wire.to),
    from: unread,
  };
}
