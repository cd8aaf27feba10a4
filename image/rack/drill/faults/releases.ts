import { type NodeId, peerOf } from '../../../../src/model/pair.ts';
import type { Drill } from '../drill.ts';
import { now } from '../program.ts';
import type { RackPort } from '../rack-port.ts';
import { inBox, none } from './inBox.ts';

/** Of the boot alone: a power cut brings the release's own version back. */
const DROP_IN = '/run/systemd/system/tandem-pair.service.d/speaks.conf';
const OLDER = 1;
/** For a lane that starts anew until its twin takes it for fit, ms. */
const FIT_LIMIT = 60_000;
const PAUSE = 500;

const restart = 'systemctl daemon-reload && systemctl restart tandem-pair';

/** What the active box hears its standby speak, once that is fit to be handed the floats. */
async function fitAt(rack: RackPort, active: NodeId, speaks: number): Promise<void> {
  const limit = now() + FIT_LIMIT;
  for (;;) {
    const peer = (await rack.box(active).status([]))?.lane?.peer;
    if (peer?.heard && peer.ready && peer.speaks === speaks) return;
    if (now() > limit) {
      throw new Error(`${active} hears its twin speak ${peer?.speaks ?? 'nothing'} and not version ${speaks}, ready`);
    }
    await new Promise((done) => setTimeout(done, PAUSE));
  }
}

export const RELEASES: readonly Drill[] = [
  {
    name: 'two-releases',
    fault: `the standby speaks version ${OLDER} of the beats alone, as an older release does, and is handed the floats`,
    prepare: async (rack, active) => {
      const lines = `[Service]\\nEnvironment=TANDEM_SPEAKS=${OLDER}\\n`;
      await inBox(
        rack,
        peerOf(active),
        `mkdir -p $(dirname ${DROP_IN}) && printf '${lines}' >${DROP_IN} && ${restart}`,
      );
      await fitAt(rack, active, OLDER);
    },
    inject: async (rack, active, told) => {
      told.check(async () => {
        const peer = (await rack.box(active).status([]))?.lane?.peer;
        told.note(`${active} hears ${peerOf(active)} speak version ${peer?.speaks ?? 'nothing'}`);
        return peer?.speaks === OLDER ? [] : [`${active} hears its twin speak ${peer?.speaks}, not version ${OLDER}`];
      });
      await rack.box(active).handOver();
    },
    restore: (rack, active) => inBox(rack, peerOf(active), `test ! -e ${DROP_IN} || { rm ${DROP_IN} && ${restart}; }`),
    bar: {
      outage: 500,
      moves: true,
      causes: ['hand-over'],
      released: 'hand-over',
      lost: none,
      why: 'as hand-over: what both have to say to each other for it is in the first version; the new owner’s lane has just started',
    },
  },
];
