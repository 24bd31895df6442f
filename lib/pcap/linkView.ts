import { createCookedView, LINK_TYPE, PACKET_TYPE } from './linkType.js';
import { createSwitchPortView } from './switchPort.js';

/** A frame of any link type that holds Ethernet, as an Ethernet frame. */
export interface LinkView {
  /** The frame, from index 0; valid until the next `convert`. */
  bytes: Uint8Array;
  captured: number;
  original: number;
  /** The capturing machine sent it. */
  isOutgoing: boolean;
  /** It lacks its destination, and perhaps tags (`tcpdump -i any`). */
  isCooked: boolean;
  /** Kernel index of a cooked frame's interface, 0 where it is not told. */
  interfaceIndex: number;
  /**
   * False for a link type or a frame without Ethernet, and for LINKTYPE_ETHERNET, which needs no view. Allocates
   * nothing after the first.
   */
  convert(bytes: Uint8Array, start: number, captured: number, original: number, linkType: number): boolean;
}

export function createLinkView(): LinkView {
  let cooked: ReturnType<typeof createCookedView> | null = null;
  let switchPort: ReturnType<typeof createSwitchPortView> | null = null;
  const view: LinkView = {
    bytes: new Uint8Array(0),
    captured: 0,
    original: 0,
    isOutgoing: false,
    isCooked: false,
    interfaceIndex: 0,
    convert(bytes, start, captured, original, linkType) {
      view.isCooked = linkType === LINK_TYPE.linuxSll || linkType === LINK_TYPE.linuxSll2;
      if (view.isCooked) {
        cooked ??= createCookedView();
        if (!cooked.convert(bytes, start, captured, original, linkType)) return false;
        view.isOutgoing = cooked.packetType === PACKET_TYPE.outgoing;
        view.interfaceIndex = cooked.interfaceIndex;
        take(cooked);
        return true;
      }
      switchPort ??= createSwitchPortView();
      if (!switchPort.convert(bytes, start, captured, original, linkType)) return false;
      view.isOutgoing = switchPort.isOutgoing;
      view.interfaceIndex = 0;
      take(switchPort);
      return true;
    },
  };

  function take(from: { readonly bytes: Uint8Array; readonly captured: number; readonly original: number }): void {
    view.bytes = from.bytes;
    view.captured = from.captured;
    view.original = from.original;
  }

  return view;
}
