import { OWN_MEMORY, type TableRoom } from './tableRoom.js';

/**
 * Whose the IP addresses are, by what neighbor frames say: the latest word counts. Memory of one size; of addresses that
 * share a slot the latest is known. Allocates nothing.
 */
export interface Owners {
  /** Notes the addresses that a host's ARP, NS or NA, whose packet is [body, body + length), tells to be its own. */
  learn(view: DataView, body: number, length: number, etherType: number, sender: number): void;
  /** Number of the sender to which the source address of an IPv4 or IPv6 packet belongs; 0 = nobody is known. */
  of(view: DataView, body: number, length: number, etherType: number): number;
  readonly tables: { readonly keys: Int32Array; readonly senders: Int32Array };
}

export const OWNER_SLOTS = 0x1000;
const SHIFT = 20;
const ARP = 0x0806;
const IPV4 = 0x0800;
const IPV6 = 0x86dd;

export function createOwners(room: TableRoom = OWN_MEMORY): Owners {
  const keys = room.words(OWNER_SLOTS);
  const senders = room.words(OWNER_SLOTS);

  function put(key: number, sender: number): void {
    if (key === 0) return;
    const at = slotOf(key);
    keys[at] = key;
    senders[at] = sender;
  }

  return {
    learn(view, body, length, etherType, sender) {
      if (etherType === ARP) {
        if (length >= 28) put(view.getInt32(body + 14, true), sender);
        return;
      }
      // What is announced may be somebody else's, by proxy; stacks announce from the address itself.
      if (length >= 40) put(keyOf6(view, body + 8), sender);
    },
    of(view, body, length, etherType) {
      let key = 0;
      if (etherType === IPV4 && length >= 20) key = view.getInt32(body + 12, true);
      else if (etherType === IPV6 && length >= 40) key = keyOf6(view, body + 8);
      if (key === 0) return 0;
      const at = slotOf(key);
      return keys[at] === key ? (senders[at] as number) : 0;
    },
    tables: { keys, senders },
  };
}

function slotOf(key: number): number {
  return Math.imul(key, 0x9e3779b1) >>> SHIFT;
}

/** 0 for the unspecified address. */
function keyOf6(view: DataView, at: number): number {
  const one = (Math.imul(view.getInt32(at, true), 0x5bd1e995) + view.getInt32(at + 4, true)) | 0;
  const other = (Math.imul(view.getInt32(at + 8, true), 0x1b873593) + view.getInt32(at + 12, true)) | 0;
  return Math.imul(one, 0x165667b1) ^ other;
}
