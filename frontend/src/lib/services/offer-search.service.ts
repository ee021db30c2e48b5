import { compareText, type CompareKey } from './compare.service.ts';
import { filterOfParams, paramsOfFilter, type MarketFilter } from './market-filter.service.ts';
import { compareKeysOf, monthsOf } from './compare.service.ts';

/** All that the address of the market says. */
export interface MarketView {
  readonly filter: MarketFilter;
  readonly compared: readonly CompareKey[];
  /** They are shown side by side instead of the offers. */
  readonly isComparing: boolean;
  /** What totals are for. */
  readonly months: number;
}

/** What an address means. What cannot be understood does not matter. */
export function viewOfParams(params: URLSearchParams): MarketView {
  const compared = compareKeysOf(params.get('compare'));
  return {
    filter: filterOfParams(params),
    compared,
    isComparing: params.get('view') === 'compare' && compared.length > 0,
    months: monthsOf(params.get('months')),
  };
}

/** The address of a view. Read back it is the same view. */
export function marketHref(view: MarketView): string {
  const params = paramsOfFilter(view.filter);
  if (view.compared.length > 0) params.set('compare', compareText(view.compared));
  if (view.isComparing && view.compared.length > 0) params.set('view', 'compare');
  if (view.months !== 1) params.set('months', view.months.toString());
  const text = params.toString();
  return text === '' ? '/' : `/?${text}`;
}
