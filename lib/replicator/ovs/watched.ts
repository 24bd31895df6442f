/** Columns of the database that determine the recipe, by table. */
export const WATCHED = {
  Port: ['name', 'tag', 'trunks', 'interfaces'],
  Interface: ['name', 'ofport', 'external_ids', 'mac_in_use'],
} as const;
