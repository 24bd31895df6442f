import { expect, test } from '@playwright/test';
import { classFact, classScript } from './classed.js';

const PORTS = ['up-a', 'up-b'];

test('neighbor frames of each form get the class on each uplink, and a rule that is gone is told', () => {
  const script = classScript(PORTS, '0x00010020');
  for (const port of PORTS) expect(script).toContain(`hook egress device "${port}"`);
  expect(classFact(script, PORTS)).toMatchObject({ ok: true, value: '14 of 14 rules' });
  expect(classFact(script.replace('vlan type arp meta priority set', 'vlan type arp'), PORTS)).toMatchObject({
    ok: false,
    value: '13 of 14 rules',
  });
});
