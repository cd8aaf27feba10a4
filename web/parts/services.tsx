import { useState } from 'preact/hooks';
import type { ConsoleRefusal, PictureServer, PictureService } from '../../src/model/console.ts';
import type { DrainResult } from '../../src/model/control.ts';
import { heldWords } from '../../src/model/heldWords.ts';
import { serverWords, serviceWords } from '../../src/model/serverWords.ts';
import { Refused } from '../live/connection.ts';
import type { Ask } from './console.tsx';
import { byteRate, withPort } from './numbers.ts';
import { Refusal } from './refusal.tsx';

interface Props {
  readonly services: readonly PictureService[];
  readonly ask: Ask;
}

/** Every virtual service with its real servers, as `tandem status` lists them. */
export function Services({ services, ask }: Props) {
  const [refusal, setRefusal] = useState<ConsoleRefusal>();
  const [warnings, setWarnings] = useState<readonly string[]>([]);
  const [busy, setBusy] = useState<string>();

  const use = async (name: string, drained: boolean) => {
    setBusy(name);
    setRefusal(undefined);
    setWarnings([]);
    try {
      const result = (await ask({ do: drained ? 'drain' : 'enable', server: name })) as DrainResult;
      const only = result.heldBy.length === 1 ? [heldWords(result)] : [];
      setWarnings([...only, ...result.warnings]);
    } catch (error) {
      if (error instanceof Refused) setRefusal(error.refusal);
    } finally {
      setBusy(undefined);
    }
  };

  return (
    <section aria-labelledby="services-title" class="panel">
      <header>
        <h2 id="services-title">Services</h2>
      </header>
      {refusal !== undefined && <Refusal refusal={refusal} />}
      <div aria-live="polite">
        {warnings.map((text) => (
          <p class="warning" key={text}>
            {text}
          </p>
        ))}
      </div>
      {services.length === 0 && <p class="quiet">none</p>}
      {services.map((service) => (
        <table key={service.name}>
          <caption>
            <strong>{service.name}</strong> {service.protocol.toUpperCase()}{' '}
            {service.listening ?? withPort(service.address, service.port)} {service.scheduler}{' '}
            <span class="bad">{serviceWords(service)}</span>
          </caption>
          <thead>
            <tr>
              <th scope="col">server</th>
              <th scope="col">state</th>
              <th scope="col" class="number">
                weight
              </th>
              <th scope="col" class="number">
                active
              </th>
              <th scope="col" class="number">
                inactive
              </th>
              <th scope="col" class="number">
                conn/s
              </th>
              <th scope="col" class="number">
                in
              </th>
              <th scope="col" class="number">
                out
              </th>
              <th scope="col">use</th>
            </tr>
          </thead>
          <tbody>
            {service.servers.map((server) => {
              const name = `${service.name}/${server.name}`;
              return <Row key={name} name={name} server={server} busy={busy === name} onUse={use} />;
            })}
          </tbody>
        </table>
      ))}
    </section>
  );
}

interface RowProps {
  readonly name: string;
  readonly server: PictureServer;
  readonly busy: boolean;
  readonly onUse: (name: string, drained: boolean) => void;
}

function Row({ name, server, busy, onUse }: RowProps) {
  const { rates, drained } = server;
  const state = !server.up ? 'bad' : drained || server.weight === 0 ? 'warn' : 'good';
  return (
    <tr data-server={name}>
      <th scope="row">
        {server.name} <span class="quiet">{withPort(server.address, server.port)}</span>
      </th>
      <td class={state}>{serverWords(server)}</td>
      <td class="number" data-label="weight">
        {server.weight}
      </td>
      <td class="number" data-label="active">
        {server.active}
      </td>
      <td class="number" data-label="inactive">
        {server.inactive}
      </td>
      <td class="number" data-label="conn/s">
        {rates.connections}
      </td>
      <td class="number" data-label="in">
        {byteRate(rates.bytesIn)}
      </td>
      <td class="number" data-label="out">
        {byteRate(rates.bytesOut)}
      </td>
      <td>
        <button
          type="button"
          disabled={busy}
          onClick={() => onUse(name, !drained)}
          aria-label={`${drained ? 'enable' : 'drain'} ${name}`}
        >
          {drained ? 'Enable' : 'Drain'}
        </button>
      </td>
    </tr>
  );
}
