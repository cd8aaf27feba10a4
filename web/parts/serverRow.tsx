import type { PictureServer } from '../../src/model/console.ts';
import { serverWords } from '../../src/model/serverWords.ts';
import { byteRate, withPort } from './numbers.ts';
import { Weight } from './weight.tsx';

interface Props {
  /** `web/s2` */
  readonly name: string;
  readonly server: PictureServer;
  readonly busy: boolean;
  readonly onUse: (name: string, drained: boolean) => void;
  readonly onWeight: (name: string, weight: number) => void;
}

export function ServerRow({ name, server, busy, onUse, onWeight }: Props) {
  const { rates, drained } = server;
  const state = !server.up ? 'bad' : drained || server.weight === 0 ? 'warn' : 'good';
  return (
    <tr data-server={name}>
      <th scope="row">
        {server.name} <span class="quiet">{withPort(server.address, server.port)}</span>
      </th>
      <td class={state}>{serverWords(server)}</td>
      <td class="number" data-label="weight">
        <Weight
          name={name}
          weight={server.weight}
          configured={server.configuredWeight}
          onSet={(weight) => onWeight(name, weight)}
        />
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
