import { expect, test } from '@playwright/test';
import { defaultTopology } from '../../testing/defaultLab.js';
import { vxlanTraits } from './traits.js';
import { REMOTE, tunnelFact, tunnelLines } from './tunnel.js';

test('the VTEP has the address of the host, and its packets go through the gateway', async () => {
  const topology = await defaultTopology();
  const { host, networks } = topology;
  const lines = tunnelLines(topology);
  const gateway = networks.find(({ name }) => name === host.addresses[0]?.network)?.gateway4;
  expect(lines).toContain(`route add ${REMOTE}/32 via ${gateway} dev ${host.nic}`);
  expect(lines.join('\n')).toContain(`local ${host.addresses[0]?.ipv4} remote ${REMOTE} dstport 4789`);
  expect(() => tunnelLines({ ...topology, host: { ...host, addresses: [] } })).toThrow(/has no network/);
});

test('a VTEP that is not as it was made is told', async () => {
  const topology = await defaultTopology();
  const local = topology.host.addresses[0]?.ipv4;
  const fact = (change: object, data: object = {}) => {
    const info_data = { id: 7, remote: REMOTE, local, port: 4789, ...data };
    const shown = { ifname: 'vxlan0', master: 'tenants', flags: ['UP'], linkinfo: { info_data }, ...change };
    const { ok, value } = tunnelFact(JSON.stringify([{}, shown]), topology);
    return `${ok} ${value}`;
  };
  expect(fact({})).toBe(`true VNI 7 to ${REMOTE}`);
  expect(fact({}, { port: 8472 })).toBe('false its port is 8472');
  expect(fact({ flags: [] })).toBe('false it is down');
  expect(fact({ master: undefined })).toBe('false its bridge is none');
  expect(fact({ ifname: 'vxlan1' })).toBe('false it is not there');
  expect(tunnelFact('', topology).ok).toBe(false);
  expect(() => vxlanTraits('multicast')).toThrow(/no variant "multicast"; it has unicast/);
});
