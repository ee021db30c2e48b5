import type { Principal } from '@dfinity/principal';
import type { Asset, PriceOrigin, TokenAsset } from './price-source.ts';

/** What a source prices, and in what. */
export function assetsOf(origin: PriceOrigin): { readonly base: Asset; readonly quote: Asset } {
  switch (origin.kind) {
    case 'icpswap-pool':
    case 'oisy-trade':
    case 'kongswap':
      return { base: origin.base, quote: origin.quote };
    case 'exchange-rate':
      return { base: origin.base.asset, quote: origin.quote.asset };
    case 'cmc-xdr':
      return { base: origin.icp, quote: { kind: 'xdr' } };
  }
}

/** Whether two assets are the same one; a token is its ledger. */
export function isSameAsset(left: Asset, right: Asset): boolean {
  if (left.kind !== 'token' || right.kind !== 'token') return left.kind === right.kind;
  return isSameLedger(left.ledger, right.ledger);
}

/** Compares bytes: the text form of a principal is dear. */
export function isSameLedger(left: Principal, right: Principal): boolean {
  return left.compareTo(right) === 'eq';
}

/** The tokens among what a source prices and what it prices in. */
export function tokensOf(origin: PriceOrigin): readonly TokenAsset[] {
  const { base, quote } = assetsOf(origin);
  return [base, quote].filter((asset) => asset.kind === 'token');
}
