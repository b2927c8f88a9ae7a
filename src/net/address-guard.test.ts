import fc from 'fast-check';
import ipaddr from 'ipaddr.js';
import { describe, expect, it } from 'vitest';
import { createAddressGuard } from './address-guard.js';

const guard = createAddressGuard();
const v4 = fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255), fc.nat(255));
const hex = (high: number, low: number) => ((high << 8) | low).toString(16);

type Octets = readonly [number, number, number, number];

/** Forms of IPv6 whose packets end at the IPv4 address they carry. */
const leadingForms = ([a, b, c, d]: Octets) => [
  `::ffff:${a}.${b}.${c}.${d}`,
  `::ffff:${hex(a, b)}:${hex(c, d)}`,
  `0:0:0:0:0:ffff:${hex(a, b)}:${hex(c, d)}`,
  `64:ff9b::${hex(a, b)}:${hex(c, d)}`,
  `2002:${hex(a, b)}:${hex(c, d)}::1`,
];

/** Forms that only some stack or gateway would unpack. */
const insideForms = ([a, b, c, d]: Octets) => [
  `::${a}.${b}.${c}.${d}`,
  `::ffff:0:${a}.${b}.${c}.${d}`,
  `64:ff9b:1::${hex(a, b)}:${hex(c, d)}`,
  `2400:3200::5efe:${hex(a, b)}:${hex(c, d)}`,
  `2400:3200:1:2:200:5efe:${hex(a, b)}:${hex(c, d)}`,
  `2001:0:1:2:3:4:${hex(a ^ 255, b ^ 255)}:${hex(c ^ 255, d ^ 255)}`,
];

describe('the address guard', () => {
  it.each(['47.110.23.1', '8.8.8.8', '2400:3200::1', '2606:4700::1111'])('lets %s pass', (address) => {
    expect(guard.allows(address)).toBe(true);
  });

  it.each([
    ...['127.0.0.1', '127.255.255.254', '0.0.0.0', '0.1.2.3', '10.0.0.1', '172.16.0.1', '172.31.255.255'],
    ...['192.168.1.1', '169.254.169.254', '100.64.0.1', '100.127.255.255', '100.100.100.200', '192.0.0.1'],
    ...['198.18.0.1', '224.0.0.1', '240.0.0.1', '255.255.255.255', '203.0.113.9'],
    ...[
      '::',
      '::1',
      'fe80::1',
      'fe80::1%eth0',
      'fc00::1',
      'fd12:3456::1',
      'ff02::1',
      'fec0::1',
      '2001:db8::1',
    ],
    ...['4000::1', '5f00::1', '3fff::1', '100::1', '2001:0:1::1'],
    ...['', 'localhost', '1.2.3.4.5', 'example.com', '::1/128'],
  ])('refuses %s', (address) => {
    expect(guard.allows(address)).toBe(false);
  });

  it('judges an IPv6 address that leads to an IPv4 address by the latter', () => {
    fc.assert(
      fc.property(v4, (octets) => {
        const verdict = guard.allows(octets.join('.'));
        for (const form of leadingForms(octets)) expect(guard.allows(form), form).toBe(verdict);
      }),
    );
  });

  it('lets no form of IPv6 carry it to a forbidden IPv4 address', () => {
    const forbidden = v4.filter((octets) => new ipaddr.IPv4(octets).range() !== 'unicast');
    fc.assert(
      fc.property(forbidden, (octets) => {
        for (const form of [...leadingForms(octets), ...insideForms(octets)]) {
          expect(guard.allows(form), form).toBe(false);
        }
      }),
    );
  });

  it('lets what the operator allows pass, in all forms that lead there', () => {
    const opened = createAddressGuard(['127.0.0.0/8', ' 100.64.0.0/10 ', 'fd00::/8', '10.1.2.3']);
    for (const form of ['127.0.0.1', ...leadingForms([127, 0, 0, 1]), '100.99.1.1', 'fd00::7', '10.1.2.3']) {
      expect(opened.allows(form), form).toBe(true);
    }
    for (const form of ['10.1.2.4', '::1', 'fc00::1', '::127.0.0.1'])
      expect(opened.allows(form), form).toBe(false);
  });

  it.each([
    ...['100.100.100.200', '169.254.169.254', '169.254.170.2', '168.63.129.16', 'fd00:ec2::254'],
    ...['fd00:ec2:0:0:0:0:0:254', '::ffff:169.254.169.254', '64:ff9b::a83f:8110', '2002:a9fe:a9fe::1'],
  ])('never lets what hands out credentials of a cloud pass, not even by name: %s', (address) => {
    for (const allowed of [[], ['0.0.0.0/0', '::/0'], [address.replace(/^::ffff:/, '')]]) {
      expect(createAddressGuard(allowed).allows(address)).toBe(false);
    }
    expect(createAddressGuard(['169.254.0.0/16', 'fd00::/8']).allows('169.254.1.1')).toBe(true);
    expect(createAddressGuard(['169.254.0.0/16', 'fd00::/8']).allows('fd00:ec2::1')).toBe(true);
  });

  it('never lets the metadata service pass, whatever the operator allows', () => {
    const open = createAddressGuard(['0.0.0.0/0', '::/0', '100.100.100.200', '100.64.0.0/10']);
    expect(open.allows('100.100.100.199')).toBe(true);
    for (const form of [...leadingForms([100, 100, 100, 200]), ...insideForms([100, 100, 100, 200])]) {
      expect(open.allows(form), form).toBe(false);
    }
    expect(open.allows('100.100.100.200')).toBe(false);
  });

  it('does not open a v4-mapped address by a network of IPv6', () => {
    expect(createAddressGuard(['::/0']).allows('::ffff:10.0.0.1')).toBe(false);
  });

  it('names the entry that is no network', () => {
    expect(() => createAddressGuard(['10.0.0.0/8', '10.0.0.0/99'])).toThrow('"10.0.0.0/99" is no network');
    expect(() => createAddressGuard(['intranet'])).toThrow('"intranet"');
  });
});
