import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { expect, test } from '@playwright/test';
import ts from 'typescript';

/** Everything that is made of Open vSwitch, and the list that names it. */
const MADE_OF_IT =
  /^lib\/(ovs|leaf|dataplane\/(?:ovs-bond|chain|macvlan|ovs-dpdk|ovs-offload|qos|vxlan)|replicator\/ovs|control\/ovs)\/|^lib\/replicator\/ovsGroup\.ts$|^lib\/profile\/table\/ovsGroup(?:TwoTags)?\.ts$|^lib\/defaults\.ts$/;
const TEST = /\.test\.ts$|\/testing\//;

/** Who else has a word of it, and why. It only shrinks. */
const ALLOWED: Readonly<Record<string, string>> = {
  'lib/replicator/broadcastNeighbor.ts': 'names a data plane that it is for: the bond is the same below any switch',
  'lib/evidence/older.ts': 'evidence of version 0.1.0 knew no other data plane',
  'lib/replicator/command/load.ts': 'names a file of docs/examples, which is of flows',
  'lib/replicator/command/parse.ts': 'the same',
  'lib/cli/binding.ts': 'the same',
  'lib/repair/snapshot.ts': 'looks at what the machines of a rack run, whoever put it there',
  'lib/repair/ways.ts': 'the same: the way to a machine may lead through a bridge of it',
  'lib/inventory/inventory.ts': 'the same: what it is made of is asked before a run and after it',
  'lib/fuzz/bundle.ts': 'names a built-in profile, as a file of requirements does',
  'lib/topology/labNames.ts': "the built-in leaves' bridge: topologies are pure, and cannot ask the leaves",
  'lib/topology/names.ts': 'names of interfaces that a switch on the same node makes by itself',
  'lib/vm/rootPart.ts': 'what a guest has, so that a data plane can stand there',
  'lib/vm/moduleList.ts': 'the same: modules of its kernel',
  'lib/vm/init.ts': 'the same: folders that nobody makes there',
  'lib/bootstrap/packages.mjs': 'set-up installs what the built-in leaves need, before anything can be imported',
  'lib/bootstrap/serviceGuard.mjs': 'the same: its services must not start',
  'lib/bootstrap/privileges.mjs': 'the same: why a device must be open',
};

const WORDS = /\bovs[-_]|vswitch|openflow|\bbr0\b/i;

function filesIn(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((name) => ['.ts', '.mjs'].includes(extname(name)) && !name.endsWith('.d.ts'));
}

/** Lines of code with a word of it. Comments may say whatever is true. */
function linesOf(text: string): readonly string[] {
  const source = ts.createSourceFile('x.ts', text, ts.ScriptTarget.Latest);
  const code = ts.createPrinter({ removeComments: true }).printFile(source);
  return code.split('\n').filter((line) => WORDS.test(line));
}

test('nobody else knows Open vSwitch', () => {
  const found = [...filesIn('lib'), ...filesIn('scenarios')]
    .filter((file) => !MADE_OF_IT.test(file) && !TEST.test(file))
    .flatMap((file) => linesOf(readFileSync(file, 'utf8')).map((line) => ({ file, line: line.trim() })));
  expect(found.filter(({ file }) => ALLOWED[file] === undefined)).toEqual([]);
  // An exception that nobody needs any more goes.
  expect(Object.keys(ALLOWED).filter((name) => !found.some(({ file }) => file === name))).toEqual([]);
});

test('a word in code is found, and one in a comment is none', () => {
  expect(linesOf("const plane = 'ovs-bond';")).toHaveLength(1);
  expect(linesOf('const bridge = `${node}/br0`;')).toHaveLength(1);
  expect(linesOf('/** As ovs-vsctl wants it. */\nconst x = 1; // br0')).toEqual([]);
});
