import { kindCode } from '../../wire/classify.js';

const DATA_OTHER = kindCode('data-other');
const DATA_UDP = kindCode('data-udp');

/** Whether a frame of this kind may carry another one: GRE and UDP are among these. */
export function mayEncapsulate(kind: number): boolean {
  return kind === DATA_UDP || kind === DATA_OTHER;
}
