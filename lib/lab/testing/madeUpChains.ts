import type { CommandResult, ExecOptions } from '../../testbed/node.js';

/** What nft answers on a node whose chains are what it was told. */
export function madeUpChains(): (
  node: string,
  argv: readonly string[],
  options?: ExecOptions,
) => Partial<CommandResult> {
  const chains = new Map<string, string>();
  return (node, [tool, verb, ...rest], options) => {
    if (tool !== 'nft') return {};
    const input = String(options?.input ?? '');
    if (verb === 'list') {
      const found = chains.get(`${node} ${rest.at(-1) ?? ''}`);
      return found === undefined ? { code: 1, stderr: 'Error: No such file or directory' } : { stdout: found };
    }
    for (const [, name = ''] of input.matchAll(/^ chain (\S+) \{/gm)) chains.set(`${node} ${name}`, input);
    for (const [, name = ''] of input.matchAll(/^delete chain netdev \S+ (\S+)/gm)) chains.delete(`${node} ${name}`);
    return {};
  };
}
