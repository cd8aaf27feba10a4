import type { PairingLine } from '../../src/ports/pairing.ts';
import { openSerialLink } from '../link/serial.ts';

/** How often and how far apart the last frames are sent: nobody is there to ask for them again. */
const FAREWELLS = 3;
const FAREWELL_MS = 300;

/** Between two looks at the line, ms: a frame takes longer at 115200 bits/s. */
const LOOK_MS = 5;

/** The null-modem line, held by this process alone. */
export function ownLine(path: string, baud: number): PairingLine {
  const link = openSerialLink({ path, baud });
  const looks = setInterval(link.look, LOOK_MS);
  let last: readonly Uint8Array[] = [];
  const send = (): void => {
    for (const frame of last) link.send(frame);
  };
  return {
    send(frames) {
      last = frames;
      send();
    },
    onFrame: (receive) => link.onFrame(receive),
    close() {
      link.onFrame(() => {});
      clearInterval(looks);
      for (let time = 1; time <= FAREWELLS; time += 1) setTimeout(send, time * FAREWELL_MS);
      setTimeout(link.close, (FAREWELLS + 1) * FAREWELL_MS);
    },
  };
}
