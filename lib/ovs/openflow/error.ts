/** A switch refused what it was told. The message has what that was, and the switch's reason. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';
}

/** Types of errors by their numbers. Source: OpenFlow 1.4.1, 7.5.4. */
const TYPES = [
  'OFPET_HELLO_FAILED',
  'OFPET_BAD_REQUEST',
  'OFPET_BAD_ACTION',
  'OFPET_BAD_INSTRUCTION',
  'OFPET_BAD_MATCH',
  'OFPET_FLOW_MOD_FAILED',
  'OFPET_GROUP_MOD_FAILED',
  'OFPET_PORT_MOD_FAILED',
  'OFPET_TABLE_MOD_FAILED',
  'OFPET_QUEUE_OP_FAILED',
  'OFPET_SWITCH_CONFIG_FAILED',
  'OFPET_ROLE_REQUEST_FAILED',
  'OFPET_METER_MOD_FAILED',
  'OFPET_TABLE_FEATURES_FAILED',
  'OFPET_BAD_PROPERTY',
  'OFPET_ASYNC_CONFIG_FAILED',
  'OFPET_FLOW_MONITOR_FAILED',
  'OFPET_BUNDLE_FAILED',
];

/** What the body of an error message says: `OFPET_BAD_ACTION, code 4`. */
export function errorWords(body: Buffer): string {
  if (body.length < 4) return 'an error without a reason';
  const type = body.readUInt16BE(0);
  return `${TYPES[type] ?? `error type ${type}`}, code ${body.readUInt16BE(2)}`;
}
