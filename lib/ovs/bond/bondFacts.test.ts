import { expect, test } from '@playwright/test';
import { bondFacts } from './bondFacts.js';
import { readBond } from './bondState.js';

const TEXT = `---- bond0 ----
bond_mode: balance-tcp
bond may use recirculation: yes, Recirc-ID : 1
bond-hash-basis: 0
lb_output action: disabled, bond-id: -1
updelay: 0 ms
downdelay: 0 ms
lacp_status: negotiated
lacp_fallback_ab: false
active-backup primary: <none>
active member mac: 02:00:00:01:00:01(up-a)

member up-a: enabled
  active member
  may_enable: true

member up-b: enabled
  may_enable: true
`;

const wrong = (text: string) =>
  bondFacts(readBond(text), { mode: 'balance-tcp', lacp: true }, 'ovs-appctl bond/show bond0').flatMap(
    ({ name, ok, value }) => (ok ? [] : [[name, value]]),
  );

test('the bond as the lab made it', () => {
  expect(wrong(TEXT)).toEqual([]);
});

for (const [line, instead, name, value] of [
  ['bond_mode: balance-tcp', 'bond_mode: balance-slb', 'bond mode', 'balance-slb'],
  ['lacp_status: negotiated', 'lacp_status: configured', 'LACP', 'configured'],
  ['lacp_fallback_ab: false', 'lacp_fallback_ab: true', 'LACP fallback to active-backup', 'true'],
  ['\nupdelay: 0 ms', '\nupdelay: 5000 ms', 'delay until a leg that is up is used', '5000 ms'],
  ['\ndowndelay: 0 ms', '\ndowndelay: 5000 ms', 'delay until a leg that is down is left', '5000 ms'],
  ['\nupdelay: 0 ms', '', 'delay until a leg that is up is used', 'not told'],
  ['member up-b: enabled', 'member up-b: disabled', 'member up-b', 'disabled'],
] as const) {
  test(`another bond is told: ${name} ${value}`, () => {
    expect(wrong(TEXT.replace(line, instead))).toEqual([[name, value]]);
  });
}
