export type { CommandResult, Node, ProcessEnd, Process as RunningProcess } from './node.js';
export type { Lab } from './lab.js';
export type { Testbed } from './testbed.js';
