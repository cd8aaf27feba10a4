import * as z from 'zod';
import { choice, device, ipv4, path, shaped, whole } from './fields.ts';

/** The node file, `/etc/tandem/node.yaml`: the few lines that differ between the two boxes. */

const nicSchema = (which: string) =>
  z
    .strictObject({ device: device({ title: 'device', help: `the ${which} NIC of this box` }) })
    .meta({ title: `${which} NIC`, help: `on the ${which} side` });

const consoleSchema = z
  .strictObject({
    port: whole(1, 65_535, { title: 'port', help: 'TCP port of the web console on the private NIC' }).default(443),
    names: z
      .array(
        shaped(/^[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$/, 'a host name or an IPv4 address without a port', {
          title: 'name',
          help: 'as a browser’s address line has it',
        }),
        { error: 'give a list of names' },
      )
      .max(16, { error: 'give at most 16 names' })
      .meta({
        title: 'names',
        help: 'further names under which browsers reach this box; others than these and its own address are refused',
      })
      .default([]),
  })
  .meta({ title: 'web console', help: 'served on the private NIC’s own address alone' });

const metricsSchema = z
  .strictObject({
    port: whole(1, 65_535, { title: 'port', help: 'TCP port of /metrics' }),
    listen: ipv4({
      title: 'listen',
      help:
        'address that it is served at; the loopback address, for an agent on this box, unless told. Whoever reaches another ' +
        'one reads the figures: there is no login',
    }).default('127.0.0.1'),
  })
  .meta({ title: 'metrics', help: 'figures in Prometheus’ text format over HTTP; off unless given' });

export const nodeSchema = z
  .strictObject({
    name: choice(['a', 'b'], { title: 'name', help: 'which router of the document this box is' }),
    public: nicSchema('public'),
    private: nicSchema('private'),
    heartbeat: z
      .strictObject({ device: device({ title: 'device', help: 'the heartbeat NIC of this box' }) })
      .meta({ title: 'heartbeat NIC', help: 'straight to the twin’s, for nothing but beats' })
      .optional(),
    peer_line: path({ title: 'peer line', help: 'serial device of the null-modem cable to the twin' }).default(
      '/dev/ttyS1',
    ),
    key_file: path({
      title: 'key file',
      help: 'the pair’s key, 32 bytes as hex, readable by root alone, the same on both boxes',
    }).default('/etc/tandem/pair.key'),
    console: consoleSchema.prefault({}),
    metrics: metricsSchema.optional(),
  })
  .meta({ title: 'Tandem node file', help: 'what this box alone knows' });

export type NodeFile = z.output<typeof nodeSchema>;
