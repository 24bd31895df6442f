import type { Binding } from '../../binding/schema.js';
import { loadBinding } from '../../binding/load.js';
import { DEFAULTS } from '../../defaults.js';

/** A binding all of whose ports are one port of one machine, `leafa`: enough to break and to repair. */
export async function oneMachineBinding(name: string, port: string): Promise<Binding> {
  const { binding } = await loadBinding('topologies/bindings/two-linux-leaves.yaml', DEFAULTS.dataPlanes);
  const leaf = { machine: 'leafa', ports: { 'to-host': port }, vantage: { kind: 'port' as const } };
  return {
    ...binding,
    binding: name,
    machines: { leafa: { ssh: '192.0.2.2' } },
    host: { ...binding.host, machine: 'leafa', ports: { 'up-a': port, 'up-b': port } },
    senders: {},
    leaves: { 'leaf-a': leaf, 'leaf-b': leaf },
  };
}
