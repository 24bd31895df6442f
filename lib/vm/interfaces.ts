/** Number of the process in whose network namespace all labs are. */
export const AGENT_FILE = '/run/agent-pid';

/** It is the only one that is not in that of process 1. To look at each takes a guest seconds, and is done once. */
const FIND_AGENT = `for one in /proc/[0-9]*; do
  [ "$(readlink $one/ns/net)" = "$(readlink /proc/1/ns/net)" ] || { echo \${one#/proc/}; break; }
done > ${AGENT_FILE}`;

export const READ_AGENT = `read agent < ${AGENT_FILE}`;

/** `named MAC`: the interface that has it. */
const NAMED = `named() { for one in /sys/class/net/*/address; do
  [ "$(cat $one)" != "$1" ] || basename "$(dirname $one)"
done; }`;

/** Interfaces of a guest, found by their MACs, get these names, and are where labs are. Each is silent: no IPv6 address of its own. */
export const moveInterfaces = (
  interfaces: readonly { readonly mac: string; readonly name: string }[],
): readonly string[] => [
  FIND_AGENT,
  READ_AGENT,
  NAMED,
  ...interfaces.map(({ mac, name }) =>
    [`ip link set dev "$(named ${mac})" name ${name} addrgenmode none`, `ip link set dev ${name} netns "$agent"`].join(
      ' && ',
    ),
  ),
];
