import { until, type Lab, type MemberState } from 'everyleaf/extend';

export const BRIDGE = 'br0';
/** Frames sent into it reach the host's own stack, as if they came from a leg. */
export const NEAR = 'near0';
const FAR = 'far0';
/** IEEE 802.1Q 8.6.3: link-local frames, which include the control frames of a lab. */
const ITS_OWN_WIRE = 'ether daddr & ff:ff:ff:ff:ff:f0 == 01:80:c2:00:00:00 accept;';
/** A classic BPF program that takes every frame. */
const EVERY_FRAME = '1,6 0 0 4294967295';

/** A VM gets and sends frames of its own VLANs only: the bridge knows no VLANs, so rules at its port filter them. */
function portRules({ vms, networks }: Lab['topology']): string {
  const chains = vms.flatMap(({ hostPort, attachment }) => {
    const own = networks.filter(({ name }) => attachment.type === 'trunk' && attachment.networks.includes(name));
    const rules = `${ITS_OWN_WIRE} vlan id { ${own.map(({ vlan }) => vlan).join(', ')} } accept; drop;`;
    return ['ingress', 'egress'].map(
      (at) => `chain ${hostPort}-${at} { type filter hook ${at} device "${hostPort}" priority 0; ${rules} }`,
    );
  });
  return `table netdev vlans { ${chains.join('; ')}; }`;
}

/** A bridge of the host with one leg as its port; another leg replaces it when it loses its carrier. */
export async function bringUpBridge(lab: Lab) {
  const { host, legs, vms } = lab.topology;
  const node = lab.node(host.node);
  const ip = (lines: readonly string[]) => node.exec(['ip', '-batch', '-'], { input: lines.join('\n') });
  await ip([
    `link add ${BRIDGE} address ${host.mac} type bridge mcast_snooping 0`,
    ...vms.map((vm) => `link set ${vm.hostPort} master ${BRIDGE}`),
    `link add ${NEAR} type veth peer name ${FAR}`,
    ...[BRIDGE, NEAR, FAR].map((port) => `link set ${port} up`),
  ]);
  await node.exec(['nft', '-f', '-'], { input: portRules(lab.topology) });
  await node.exec(['tc', 'qdisc', 'add', 'dev', FAR, 'clsact']);
  const filter = ['tc', 'filter', 'add', 'dev', FAR, 'ingress', 'protocol', 'all', 'bpf', 'bytecode', EVERY_FRAME];
  await node.exec([...filter, 'action', 'mirred', 'ingress', 'redirect', 'dev', BRIDGE]);

  const members = async (): Promise<readonly MemberState[]> => {
    const { stdout } = await node.exec(['ip', '-o', 'link']);
    const hasCarrier = (port: string) => new RegExp(`: ${port}@\\S+: <[^>]*LOWER_UP`).test(stdout);
    return legs.map((leg) => ({ leg: leg.name, enabled: hasCarrier(leg.hostPort), lacp: 'off', partner: null }));
  };
  const enabled = async () => (await members()).filter((member) => member.enabled).map(({ leg }) => leg);
  const activeLeg = async () => {
    const { stdout } = await node.exec(['ip', '-o', 'link', 'show', 'master', BRIDGE]);
    return legs.find((leg) => stdout.includes(`: ${leg.hostPort}@`))?.name ?? null;
  };
  const choose = async () => {
    const [up, active] = [await enabled(), await activeLeg()];
    const [next] = up;
    if (next === undefined || (active !== null && up.includes(active))) return;
    const set = (leg: string | null, what: string) =>
      legs.filter(({ name }) => name === leg).map(({ hostPort }) => `link set ${hostPort} ${what}`);
    await ip([...set(active, 'nomaster'), ...set(next, `master ${BRIDGE}`)]);
  };
  const watch = (onLine: () => void) => node.spawn(['ip', 'monitor', 'link'], { onLine });
  const converged = async (wanted: readonly string[], withinMs = 10_000) => {
    await until(`the bridge to have one of ${wanted.join(', ')}`, withinMs, async () => {
      const [up, active] = [await enabled(), await activeLeg()];
      return up.join() === wanted.join() && active !== null && up.includes(active) ? true : null;
    });
  };
  let last = choose();
  await watch(() => {
    last = last.then(choose).catch(() => undefined);
  });
  await last;
  return { node, members, activeLeg, watch, converged };
}
