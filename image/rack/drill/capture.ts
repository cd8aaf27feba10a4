import { options, serve } from './program.ts';
import { anyIpv4, dotted, macAt, Sniffer } from './sniffer.ts';

/** Notes who speaks to whom over IPv4 on one device of its namespace, both ways, up to a bound. */
export interface CaptureOptions {
  readonly device: string;
}

export interface Frame {
  /** Hardware addresses. */
  readonly from: string;
  readonly to: string;
  readonly source: string;
  readonly target: string;
  /** IANA number: 1 ICMP, 6 TCP, 17 UDP. */
  readonly protocol: number;
  /** 0 for what is neither TCP nor UDP. */
  readonly sourcePort: number;
  readonly targetPort: number;
}

export interface CaptureReport {
  readonly frames: readonly Frame[];
  /** Seen after the record was full. */
  readonly unrecorded: number;
}

const MAX_FRAMES = 5000;
const IP = 14;

const frames: Frame[] = [];
let unrecorded = 0;

function hear(bytes: Uint8Array): void {
  if (frames.length >= MAX_FRAMES) {
    unrecorded++;
    return;
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const protocol = view.getUint8(IP + 9);
  const ports = IP + (view.getUint8(IP) & 15) * 4;
  const hasPorts = (protocol === 6 || protocol === 17) && bytes.length >= ports + 4;
  frames.push({
    from: macAt(bytes, 6),
    to: macAt(bytes, 0),
    source: dotted(bytes, IP + 12),
    target: dotted(bytes, IP + 16),
    protocol,
    sourcePort: hasPorts ? view.getUint16(ports) : 0,
    targetPort: hasPorts ? view.getUint16(ports + 2) : 0,
  });
}

new Sniffer(options<CaptureOptions>().device, anyIpv4).onFrame(hear);
// A first report tells that it listens.
serve({ mark: () => {}, report: (): CaptureReport => ({ frames, unrecorded }) });
