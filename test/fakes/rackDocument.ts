import type { PairDocument } from '../../src/model/document.ts';
import type { NodeFile } from '../../src/model/node.ts';
import { parseDocument, parseNodeFile } from '../../src/model/parseDocument.ts';

/** The example rack with one TCP and one UDP service. */
export const rackText = (change: (text: string) => string = (text) => text): string =>
  change(`tandem: 1
name: rack
floats: { public: { address: 198.51.100.10/24 }, private: { address: 192.0.2.1/24 } }
nodes:
  a: { public: 198.51.100.2/24, private: 192.0.2.2/24 }
  b: { public: 198.51.100.3/24, private: 192.0.2.3/24 }
gateway: 198.51.100.1
services:
  - name: web
    protocol: tcp
    port: 80
    scheduler: rr
    check: { type: tcp, interval_ms: 1000, timeout_ms: 500, rise: 2, fall: 2 }
    servers:
      - { name: s1, address: 192.0.2.11, port: 8080 }
      - { name: s2, address: 192.0.2.12, port: 8080 }
      - { name: s3, address: 192.0.2.13, port: 8080 }
  - name: echo
    protocol: udp
    port: 7
    scheduler: rr
    check: { type: tcp, port: 8080, interval_ms: 1000, timeout_ms: 500, rise: 2, fall: 2 }
    servers:
      - { name: s1, address: 192.0.2.11 }
      - { name: s2, address: 192.0.2.12 }
`);

export function rackDocument(change?: (text: string) => string): PairDocument {
  const parsed = parseDocument(rackText(change));
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults));
  return parsed.document;
}

export function rackNode(name: 'a' | 'b' = 'a'): NodeFile {
  const parsed = parseNodeFile(`name: ${name}\npublic: { device: eth0 }\nprivate: { device: eth1 }\n`);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults));
  return parsed.document;
}
