import { expect, test } from '@playwright/test';
import { limitIn, tagsFact } from './twoTags.js';

// As ovs-vsctl(8) prints a map: with quotes where a value begins with a digit, or without.
for (const [config, value, ok] of [
  ['{vlan-limit="2"}', '2', true],
  ['{stats-update-interval="1000", vlan-limit=2}', '2', true],
  ['{flow-limit="200000", vlan-limit="2"}', '2', true],
  ['{vlan-limit="1"}', '1', false],
  ['{}', '1, the default', false],
] as const)
  test(`a switch with other_config ${config} looks behind ${value}`, () => {
    expect(tagsFact(limitIn(config))).toMatchObject({ ok, value });
  });
