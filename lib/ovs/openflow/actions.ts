import { padded, u16, u32, u8, zeros } from './bytes.js';
import { numberOf, portOf, vlanVid } from './oxm.js';

/** Types of actions. Source: OpenFlow 1.4.1, 7.2.5. */
const ACTION = { output: 0, pushVlan: 17, popVlan: 18, group: 22, setField: 25, experimenter: 0xffff } as const;

/** Open vSwitch's own actions: Nicira's number, and `resubmit` with a table. Source: ovs-actions(7), ofp-actions.c. */
const NICIRA = 0x2320;
const RESUBMIT_TABLE = 14;
/** "The port that the frame came from", in 16 bits. */
const SAME_PORT = 0xfff8;

function action(type: number, body: Buffer): Buffer {
  return Buffer.concat([u16(type), u16(4 + body.length), body]);
}

const output = (port: string): Buffer => action(ACTION.output, Buffer.concat([u32(portOf(port)), u16(0), zeros(6)]));

/** What each word does, of those that the recipe uses; `argument` is what follows the colon, or is in the brackets. */
const WORDS: Readonly<Record<string, (argument: string) => Buffer>> = {
  output,
  NORMAL: () => output('NORMAL'),
  group: (id) => action(ACTION.group, u32(numberOf(id))),
  push_vlan: (etherType) => action(ACTION.pushVlan, Buffer.concat([u16(numberOf(etherType)), zeros(2)])),
  pop_vlan: () => action(ACTION.popVlan, zeros(4)),
  set_field(argument) {
    const [value = '', field] = argument.split('->');
    if (field !== 'vlan_vid') throw new RangeError(`"set_field:${argument}" sets what cannot be said here`);
    // Its length counts the padding of the whole, that of a match does not (OpenFlow 1.4.1, 7.2.5).
    return action(ACTION.setField, padded(Buffer.concat([zeros(4), vlanVid(numberOf(value))])).subarray(4));
  },
  resubmit(argument) {
    const [port, table = ''] = argument.split(',');
    if (port !== '') throw new RangeError(`"resubmit(${argument})" names a port`);
    return action(
      ACTION.experimenter,
      Buffer.concat([u32(NICIRA), u16(RESUBMIT_TABLE), u16(SAME_PORT), u8(numberOf(table)), zeros(3)]),
    );
  },
};

/** Actions as a flow spells them, in order; `drop` is none. Throws RangeError for one that is not known here. */
export function actions(text: string): Buffer {
  if (text === 'drop') return Buffer.alloc(0);
  // A comma in brackets does not end an action.
  const words = text.match(/[^,(]+(\([^)]*\))?/g) ?? [];
  return Buffer.concat(
    words.map((word) => {
      const [, name = '', bracketed, plain] = /^([a-zA-Z_]+)(?:\((.*)\)|:(.*))?$/.exec(word) ?? [];
      const say = WORDS[name];
      if (say === undefined) throw new RangeError(`"${word}" is no action that can be said here`);
      return say(bracketed ?? plain ?? '');
    }),
  );
}
