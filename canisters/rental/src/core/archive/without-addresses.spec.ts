import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { withoutAddresses } from './without-addresses.ts';

describe('withoutAddresses', () => {
  it.each([
    ['listening on 203.0.113.7:8080.', 'listening on [address]:8080.'],
    ['ssh root@203.0.113.7', 'ssh root@[address]'],
    ['http://203.0.113.7/', 'http://[address]/'],
    ['at 203.0.113.7.', 'at [address].'],
    ['2001:db8::1 is up', '[address] is up'],
    ['[2001:db8:0:0:0:0:0:1]:22', '[[address]]:22'],
    ['::ffff:203.0.113.7', '[address]'],
    ['gateway fe80::1%eth0', 'gateway [address]%eth0'],
    ['from 10.0.0.1 to 10.0.0.2', 'from [address] to [address]'],
  ])('takes the address out of %j', (text, clean) => {
    expect(withoutAddresses(text)).toBe(clean);
  });

  it.each([
    ['at 12:34:56 on 2026-11-23'],
    ['version 1.2.3 of 24.04'],
    ['std::string and Foo::bar'],
    ['999.1.1.1 is none'],
    ['sha256:abcdef0123456789'],
    ['a:b:c'],
    ['Foo :: bar'],
    ['…'],
    [''],
  ])('leaves %j alone', (text) => {
    expect(withoutAddresses(text)).toBe(text);
  });

  it('leaves no address in any text around one', () => {
    const around = fc.string({ unit: fc.constantFrom(' ', '\n', '/', '"', '(', '@', 'ß') });
    const spelled = fc.oneof(fc.ipV4(), fc.ipV6()).filter((address) => address !== '::');
    fc.assert(
      fc.property(around, spelled, around, (before, address, behind) => {
        const clean = withoutAddresses(`${before} ${address} ${behind}`);
        expect(clean).toBe(`${before} [address] ${behind}`);
      }),
    );
  });
});
