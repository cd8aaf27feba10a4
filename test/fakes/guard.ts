import type { Dropped, GuardTable } from '../../src/model/guard.ts';
import type { PacketGuard } from '../../src/ports/guard.ts';

/** The table of the firewall in memory. */
export class FakeGuard implements PacketGuard {
  text: string | undefined;
  writes = 0;

  drops: Dropped[] = [];
  dropped = (): readonly Dropped[] => this.drops;

  read = (): string | undefined => this.text;

  apply(table: GuardTable | undefined): void {
    this.writes += 1;
    this.text = table?.normal;
  }
}
