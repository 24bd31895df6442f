import type { OvsSwitch } from '../dataplane/ovs-bond/switch.js';
import type { Node } from '../testbed/types.js';

/** What someone at a node's prompt needs to know. */
export interface NodeShell {
  /** The command that runs on the starter's terminal; an empty `argv` is an interactive shell. */
  command(argv: readonly string[], folder: string): readonly string[];
}

/** Later options win, so that a user's own `--target` still does what it says. */
const APPCTL = `#!/bin/sh
exec /usr/bin/ovs-appctl --target="$OVS_RUNDIR/vswitchd.ctl" "$@"
`;

/**
 * Makes a node ready for people: the prompt says where one is, and the tools of Open vSwitch find the node's own switch.
 * @param ovs null for a node without a switch
 */
export async function prepareShell(node: Node, ovs: OvsSwitch | null): Promise<NodeShell> {
  const rc = `${node.runFolder}/shell/bashrc`;
  const tools = `${node.runFolder}/shell/bin`;
  await node.writeFile(
    rc,
    `[ -r ~/.bashrc ] && . ~/.bashrc\nPATH=${tools}:$PATH\nPS1='[${node.name}] \\w \\$ '\nunset PROMPT_COMMAND\n`,
  );
  await node.writeFile(`${tools}/ovs-appctl`, APPCTL);
  await node.exec(['chmod', '755', `${tools}/ovs-appctl`]);
  const env = {
    ...ovs?.env,
    EVERYLEAF_NODE: node.name,
    PATH: `${tools}:${process.env['PATH'] ?? '/usr/sbin:/usr/bin:/sbin:/bin'}`,
  };
  return {
    command: (argv, folder) => node.entry(argv.length === 0 ? ['bash', '--rcfile', rc, '-i'] : argv, env, folder),
  };
}
