/** Group of the probes that are sent one after another, in don't-care time too, until every leaf has one again. */
export const RECOVERY_GROUP = 'recovery';
