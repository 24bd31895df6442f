import type { ShellAid } from '../dataplane/plane.js';
import type { Node } from '../testbed/node.js';
import { putFile } from '../lab/files.js';
import { need } from '../testbed/capability.js';

/** What a person at a node's prompt needs to know. */
export interface NodeShell {
  /** The command that runs on the starter's terminal; an empty `argv` is an interactive shell. */
  command(argv: readonly string[], folder: string): readonly string[];
}

/**
 * Makes a node ready for people: the prompt names the node, and the tools of a switch find the node's own switch.
 * @param aid null for a node without a switch
 */
export async function prepareShell(node: Node, aid: ShellAid | null): Promise<NodeShell> {
  const rc = `${node.scratch}/shell/bashrc`;
  const tools = `${node.scratch}/shell/bin`;
  await putFile(
    node,
    rc,
    `[ -r ~/.bashrc ] && . ~/.bashrc\nPATH=${tools}:$PATH\nPS1='[${node.name}] \\w \\$ '\nunset PROMPT_COMMAND\n`,
  );
  for (const [name, script] of Object.entries(aid?.tools ?? {})) {
    await putFile(node, `${tools}/${name}`, script);
    await node.exec(['chmod', '755', `${tools}/${name}`]);
  }
  const env = {
    ...aid?.env,
    EVERYLEAF_NODE: node.name,
    PATH: `${tools}:${process.env['PATH'] ?? '/usr/sbin:/usr/bin:/sbin:/bin'}`,
  };
  return {
    command: (argv, folder) =>
      need(node.terminal)(argv.length === 0 ? ['bash', '--rcfile', rc, '-i'] : argv, env, folder),
  };
}
