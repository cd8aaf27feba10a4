import * as z from 'zod';
import { choice, device, path } from './fields.ts';

/** The node file, `/etc/tandem/node.yaml`: the few lines that differ between the two boxes. */

const nicSchema = (which: string) =>
  z
    .strictObject({ device: device({ title: 'device', help: `the ${which} NIC of this box` }) })
    .meta({ title: `${which} NIC`, help: `on the ${which} side` });

export const nodeSchema = z
  .strictObject({
    name: choice(['a', 'b'], { title: 'name', help: 'which router of the document this box is' }),
    public: nicSchema('public'),
    private: nicSchema('private'),
    peer_line: path({ title: 'peer line', help: 'serial device of the null-modem cable to the twin' }).default(
      '/dev/ttyS1',
    ),
    key_file: path({
      title: 'key file',
      help: 'the pair’s key, 32 bytes as hex, readable by root alone, the same on both boxes',
    }).default('/etc/tandem/pair.key'),
  })
  .meta({ title: 'Tandem node file', help: 'what this box alone knows' });

export type NodeFile = z.output<typeof nodeSchema>;
