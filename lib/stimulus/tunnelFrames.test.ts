import { expect, test } from '@playwright/test';
import { tunnelFlow } from './tunnelFrames.js';

/** Ethernet, IPv4 without options, UDP. */
function packet({ etherType = 0x0800, protocol = 17, to = 4789, from = 49_876 } = {}): Uint8Array {
  const bytes = new Uint8Array(64);
  bytes[14] = 0x45;
  bytes[23] = protocol;
  const view = new DataView(bytes.buffer);
  view.setUint16(12, etherType);
  view.setUint16(34, from);
  view.setUint16(36, to);
  return bytes;
}

test('the outer source port tells the flow of a packet of VXLAN, and other frames have none', () => {
  const flow = (changes: object = {}, etherType = 0x0800) => tunnelFlow(packet(changes), etherType, 14);
  expect(flow()).toBe(49_876);
  expect(flow({ to: 4790 })).toBeNull();
  expect(flow({ protocol: 6 })).toBeNull();
  expect(flow({}, 0x86dd)).toBeNull();
  const withOptions = new Uint8Array(68);
  withOptions.set(packet().subarray(0, 34));
  withOptions[14] = 0x46;
  withOptions.set(packet().subarray(34), 38);
  expect(tunnelFlow(withOptions, 0x0800, 14)).toBe(49_876);
});
