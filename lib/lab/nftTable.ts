/** Hooks of one port, or of a bridge (nft(8), "Address families"). */
export type NftFamily = 'netdev' | 'bridge';

/** A script of nft(8) after which there is no such table. Adding what exists does nothing, so what is deleted is there. */
export function withoutTable(family: NftFamily, name: string): string {
  return `add table ${family} ${name}\ndelete table ${family} ${name}\n`;
}

/** A script of nft(8) after which the table has these lines and no others: all in one transaction. */
export function tableOf(family: NftFamily, name: string, lines: readonly string[]): string {
  return [`${withoutTable(family, name)}table ${family} ${name} {`, ...lines, '}', ''].join('\n');
}
