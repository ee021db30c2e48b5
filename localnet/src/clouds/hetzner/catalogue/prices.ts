/** As the API writes amounts of money. */
export interface Price {
  readonly net: string;
  readonly gross: string;
}

export const CURRENCY = 'EUR';
export const VAT_RATE = '19.000000';
const VAT_FACTOR_PERCENT = 119n;

const NET_DECIMALS = 10;
const GROSS_DECIMALS = 16;
/** Amounts are kept in ten-thousandths of a euro. */
const UNIT_DECIMALS = 4;
const PERCENT_DECIMALS = 2;
/** Hours that cost as much as a month, from published pairs such as 0.0088 and 5.49. */
const HOURS_PER_MONTH = 624n;

/** Net and gross of a net amount written as `5.49`. */
export function priceOf(net: string): Price {
  return toPrice(unitsOf(net));
}

/** The price of an hour of what costs so much a month, rounded to four places. */
export function hourlyPriceOf(monthlyNet: string): Price {
  return toPrice((unitsOf(monthlyNet) * 2n + HOURS_PER_MONTH) / (HOURS_PER_MONTH * 2n));
}

function toPrice(units: bigint): Price {
  const gross = units * VAT_FACTOR_PERCENT;
  return {
    net: decimalText(units, UNIT_DECIMALS, NET_DECIMALS),
    gross: decimalText(gross, UNIT_DECIMALS + PERCENT_DECIMALS, GROSS_DECIMALS),
  };
}

function unitsOf(text: string): bigint {
  const [whole = '', fraction = ''] = text.split('.');
  return BigInt(whole + fraction.padEnd(UNIT_DECIMALS, '0'));
}

function decimalText(units: bigint, from: number, decimals: number): string {
  const digits = units.toString().padStart(from + 1, '0');
  const whole = digits.slice(0, -from);
  return `${whole}.${digits.slice(-from).padEnd(decimals, '0')}`;
}
