import { expect } from '../../lib/trial/matchers.js';
import { scenario } from '../../lib/runner/scenario.js';
import { DATA_KINDS, MALFORMED_KINDS, NEAR_MISS_KINDS, OWN_PORT_KINDS, ROUTER_KINDS } from '../kinds.js';

scenario(
  'data goes out once, and over every leg',
  {
    catches: [
      'replicate-all',
      'drops-tcp',
      'data-on-one-leg',
      'copy-data',
      'lose-tcp',
      'pin-data',
      'send-again-on-one-leg',
    ],
    lingers: true,
  },
  async (trial) => {
    const each = await trial.send(DATA_KINDS);
    const flows = await trial.sendFlows('data-udp', { from: ['vm1', 'vm2'] });
    const verdict = await trial.judge();
    expect(verdict.of([...each, ...flows], 'data frames')).toStaySingle();
  },
);

scenario(
  'whatever else a host says goes out once: protocols of routing, groups and time, tunnels, the start of a connection',
  { catches: ['copies-vrrp', 'copy-data'], lingers: true },
  async (trial) => {
    const probes = await trial.sendProtocols();
    const verdict = await trial.judge();
    expect(verdict.of(probes, 'data frames')).toStaySingle();
  },
);

scenario(
  'what only looks like a neighbor frame goes out once',
  { catches: ['all-icmpv6', 'replicate-all', 'copies-lldp', 'copy-icmp6', 'copy-lldp'], lingers: true },
  async (trial) => {
    const probes = await trial.send([
      ...NEAR_MISS_KINDS,
      ...ROUTER_KINDS,
      'data-echo6',
      ...OWN_PORT_KINDS,
      ...MALFORMED_KINDS,
    ]);
    const verdict = await trial.judge();
    expect(verdict.of(probes, 'near misses and router messages')).toStaySingle();
  },
);
