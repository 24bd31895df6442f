import type { Fabric, Host, Topology, Vm } from './model.js';

/** Rows that one leaf's box takes. */
const LEAF_ROWS = 3;

/**
 * The wiring as text, for the head of a test or a terminal: VMs on the left, the host with its bond, one leg to each
 * leaf. Lines are not padded at their end; there is no line break after the last.
 */
export function drawTopology(topology: Topology): string {
  const vms = vmColumn(topology);
  const host = hostBox(topology);
  const legs = legColumn(topology);
  // The host's box has a border line above the first row of its neighbours.
  const blank = ' '.repeat(vms[0]?.length ?? 0);
  const left = ['', ...vms];
  const right = ['', ...legs];
  return host.map((line, i) => `${left[i] || blank}${line}${right[i] ?? ''}`.trimEnd()).join('\n');
}

/** Between the host's two borders: enough for the VMs, a gap and the own stack, and for the leaves beside it. */
const rowCount = ({ vms, legs }: Topology): number => Math.max(vms.length + 3, legs.length * LEAF_ROWS);

const legRow = (leg: number): number => leg * LEAF_ROWS + 1;

/** `balance-tcp, LACP`: the variant of the host's data plane, or its kind where it has none. */
export function planeText({ plane: { traits } }: Pick<Host, 'plane'>): string {
  return `${traits.variant === '' ? traits.kind : traits.variant}, ${traits.lacp ? 'LACP' : 'no LACP'}`;
}

/** `VLAN 20, 30` */
export function vlanText(topology: Topology, { attachment }: Pick<Vm, 'attachment'>): string {
  const names = attachment.type === 'trunk' ? attachment.networks : [attachment.network];
  const ids = names.map((name) => topology.networks.find((network) => network.name === name)?.vlan ?? null);
  return ids.every((id) => id === null) ? 'untagged' : `VLAN ${ids.map((id) => id ?? 'untagged').join(', ')}`;
}

function vmColumn(topology: Topology): string[] {
  const rows = topology.vms.map((vm) => [vm.node, vlanText(topology, vm), vm.mac] as const);
  const width = (column: 0 | 1): number => Math.max(...rows.map((row) => row[column].length));
  return rows.map(([node, vlan, mac]) => `${node.padEnd(width(0))}  ${vlan.padEnd(width(1))}  ${mac} ──`);
}

function hostBox(topology: Topology): string[] {
  const { host, vms, legs } = topology;
  const last = rowCount(topology) - 1;
  const inside: string[] = Array.from({ length: last + 1 }, (_, row) => vms[row]?.hostPort ?? '');
  inside[last - 1] = `${host.nic} ${vlanText(topology, host)}`;
  inside[last] = host.mac;
  const portWidth = Math.max(...legs.map(({ hostPort }) => hostPort.length));
  const fork = forkColumn(legs.length);
  const body = inside.map((text, row) => {
    const legAt = legs.findIndex((_, index) => legRow(index) === row);
    const stem = row === forkRow(legs.length) && host.plane.bond !== null ? `${host.plane.bond} ─` : '';
    const line = fork[row] ?? '';
    return {
      text,
      // Everything from the bond to the ports is at the right border.
      wiring: line === '' ? '' : `${stem}${line} ${(legs[legAt]?.hostPort ?? '').padEnd(portWidth)}`,
      left: row < vms.length ? '┤' : '│',
      right: legAt >= 0 ? '├' : '│',
    };
  });
  const foot = ` ${planeText(host)} `;
  const head = ` ${host.node} `;
  const width = Math.max(head.length, foot.length, ...body.map(({ text, wiring }) => text.length + wiring.length + 4));
  return [
    `┌${head}${'─'.repeat(width - head.length)}┐`,
    ...body.map(
      ({ text, wiring, left, right }) => `${left} ${text}${wiring.padStart(width - 2 - text.length)} ${right}`,
    ),
    `└${foot}${'─'.repeat(width - foot.length)}┘`,
  ];
}

/** Where the bond joins the line that leads to its legs. */
const forkRow = (legs: number): number => Math.floor((legRow(0) + legRow(legs - 1)) / 2);

function forkColumn(legs: number): string[] {
  const first = legRow(0);
  const last = legRow(legs - 1);
  return Array.from({ length: last + 1 }, (_, row) => {
    const isLeg = row >= first && (row - first) % LEAF_ROWS === 0;
    if (row < first) return '';
    if (row === first) return '┌';
    if (row === last) return '└';
    if (row === forkRow(legs)) return isLeg ? '┼' : '┤';
    return isLeg ? '├' : '│';
  });
}

function legColumn({ legs, fabric }: Topology): string[] {
  const width = (of: 'name' | 'leafPort' | 'leaf'): number => Math.max(...legs.map((leg) => leg[of].length));
  const nameWidth = width('name');
  const portWidth = width('leafPort');
  const leafWidth = width('leaf');
  const boxes = legs.flatMap((leg) => {
    const cable = `── ${leg.name} ${'─'.repeat(nameWidth - leg.name.length + portWidth - leg.leafPort.length + 2)} ${leg.leafPort} `;
    const blank = ' '.repeat(cable.length);
    const border = '─'.repeat(leafWidth + 2);
    return [
      `${blank}┌${border}┐`,
      `${cable}┤ ${leg.leaf.padEnd(leafWidth)} ${fabric === undefined ? '│' : '├'}`,
      `${blank}└${border}┘`,
    ];
  });
  return fabric === undefined ? boxes : boxes.map((line, row) => line + spineColumn(fabric, legs.length, row));
}

/** The links of the leaves meet at the spine, and the client is behind it. */
function spineColumn({ spine, client, uplinks }: Fabric, legs: number, row: number): string {
  const isLeg = (row - legRow(0)) % LEAF_ROWS === 0;
  const cable = isLeg ? `── ${uplinks[0]?.leafPort ?? ''} ──` : ' '.repeat((uplinks[0]?.leafPort.length ?? 0) + 6);
  const first = legRow(0);
  const last = legRow(legs - 1);
  if (row < first || row > last) return '';
  const turn =
    row === first ? '┐' : row === last ? '┘' : row === forkRow(legs) ? (isLeg ? '┼' : '├') : isLeg ? '┤' : '│';
  return cable + turn + (row === forkRow(legs) ? `── ${spine} ── ${client.node}` : '');
}
