import { expect, test } from '@playwright/test';
import { nftEndings } from './nftEndings.js';

// As nft 1.0.6 prints it for a set with one element that expires, one whose elements do by default, and a map.
const RULESET = `{"nftables": [{"metainfo": {"version": "1.0.6", "release_name": "Lester Gooch #5", "json_schema_version": 1}}, {"table": {"family": "netdev", "name": "t", "handle": 1}}, {"set": {"family": "netdev", "name": "s", "table": "t", "type": "ether_addr", "handle": 1, "flags": ["timeout"], "elem": [{"elem": {"val": "02:00:00:00:00:01", "timeout": 30, "expires": 29}}, "02:00:00:00:00:02"]}}, {"set": {"family": "inet", "name": "q", "table": "u", "type": "ipv4_addr", "handle": 2, "flags": ["timeout"], "timeout": 3600, "elem": [{"elem": {"val": "192.0.2.1", "expires": 3599}}]}}, {"map": {"family": "netdev", "name": "m", "table": "t", "type": "ether_addr", "handle": 3, "map": "verdict", "flags": ["timeout"], "elem": [[{"elem": {"val": "02:00:00:00:00:05", "timeout": 1, "expires": 1}}, {"drop": null}]]}}, {"set": {"family": "ip", "name": "empty", "table": "t", "type": "ipv4_addr", "handle": 1}}]}`;

test('elements of sets and maps that expire, with the time that they have left', () => {
  expect(nftEndings(RULESET).map(({ what, leftMs }) => [what, leftMs])).toEqual([
    ['element "02:00:00:00:00:01" of netdev t s', 30_000],
    ['element "192.0.2.1" of inet u q', 3_600_000],
    ['element "02:00:00:00:00:05" of netdev t m', 2_000],
  ]);
});

test('without rules nothing ends', () => {
  expect(nftEndings('{"nftables": [{"metainfo": {"version": "1.0.6"}}]}')).toEqual([]);
});
