import type { Answerer, Balanced, NicFigures, WireQuestion } from '../../src/model/nic.ts';
import type { Eyes } from '../../src/ports/eyes.ts';

export const figures = (more: Partial<NicFigures> = {}): NicFigures => ({
  mtu: 1500,
  carrier: true,
  speed: 1000,
  duplex: 'full',
  carrierChanges: 2,
  packets: 1_000_000,
  errors: 0,
  badChecksums: 0,
  missed: 0,
  ...more,
});

/** A box whose surroundings are as a test says. */
export class FakeEyes implements Eyes {
  readonly nics = new Map<string, NicFigures>([
    ['eth0', figures()],
    ['eth1', figures()],
  ]);
  balanced: Balanced[] = [];
  /** Who is where on the wires. */
  wires: Answerer[] = [];
  readonly asked: WireQuestion[][] = [];
  /** What answers on the wires wait for; undefined = nothing. */
  waits: PromiseWithResolvers<void> | undefined;

  nic = (device: string): NicFigures | undefined => this.nics.get(device);
  connections = (): readonly Balanced[] => this.balanced;

  async whoHas(questions: readonly WireQuestion[]): Promise<readonly Answerer[]> {
    this.asked.push([...questions]);
    await this.waits?.promise;
    return this.wires.filter((answer) =>
      questions.some(({ device, address }) => device === answer.device && address === answer.address),
    );
  }
}
