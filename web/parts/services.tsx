import { useState } from 'preact/hooks';
import type { ConsoleRefusal, PictureService } from '../../src/model/console.ts';
import type { DrainResult, SetResult } from '../../src/model/control.ts';
import { heldWords } from '../../src/model/heldWords.ts';
import { serviceWords } from '../../src/model/serverWords.ts';
import { setWords } from '../../src/model/setWords.ts';
import { Refused } from '../live/connection.ts';
import { choose, MOST_SHOWN } from './choice.ts';
import type { Ask } from './console.tsx';
import { withPort } from './numbers.ts';
import { Refusal } from './refusal.tsx';
import { ServerRow } from './serverRow.tsx';

/** Servers up to which nobody needs to look for one. */
const FEW = 12;

interface Props {
  readonly services: readonly PictureService[];
  readonly ask: Ask;
}

/** Every virtual service with its real servers, as `tandem status` lists them. */
export function Services({ services, ask }: Props) {
  const [refusal, setRefusal] = useState<ConsoleRefusal>();
  const [said, setSaid] = useState('');
  const [warnings, setWarnings] = useState<readonly string[]>([]);
  const [busy, setBusy] = useState<string>();
  const [sought, setSought] = useState('');
  const choice = choose(services, sought);

  const change = async (name: string, work: () => Promise<void>) => {
    setBusy(name);
    setRefusal(undefined);
    setWarnings([]);
    setSaid('');
    try {
      await work();
    } catch (error) {
      if (error instanceof Refused) setRefusal(error.refusal);
    } finally {
      setBusy(undefined);
    }
  };
  const use = (name: string, drained: boolean) =>
    change(name, async () => {
      const result = (await ask({ do: drained ? 'drain' : 'enable', server: name })) as DrainResult;
      const only = result.heldBy.length === 1 ? [heldWords(result)] : [];
      setWarnings([...only, ...result.warnings]);
    });
  const weigh = (name: string, value: number) =>
    change(name, async () => {
      const [service = '', server = ''] = name.split('/');
      const patch = { service, server, field: 'weight', value };
      const result = (await ask({ do: 'set', ...patch })) as SetResult;
      setSaid(setWords(patch, result));
      setWarnings([...result.warnings.map(({ path, remedy }) => `${path}: ${remedy}`), ...result.refused]);
    });

  return (
    <section aria-labelledby="services-title" class="panel">
      <header>
        <h2 id="services-title">Services</h2>
        {choice.all > FEW && (
          <label>
            find{' '}
            <input
              type="search"
              placeholder="web/s2, 192.0.2.11, down…"
              value={sought}
              onInput={(event) => setSought(event.currentTarget.value)}
            />
          </label>
        )}
      </header>
      {refusal !== undefined && <Refusal refusal={refusal} />}
      <div aria-live="polite">
        {said !== '' && <p class="quiet">{said}</p>}
        {warnings.map((text) => (
          <p class="warning" key={text}>
            {text}
          </p>
        ))}
      </div>
      {services.length === 0 && <p class="quiet">none</p>}
      {sought.trim() !== '' && (
        <p class="quiet" role="status">
          {choice.fitting} of {choice.all} servers fit
        </p>
      )}
      {choice.fitting > MOST_SHOWN && (
        <p class="quiet">the first {MOST_SHOWN} are shown: say above which to find, or ask `tandem status` for all</p>
      )}
      {choice.services.map((service) => (
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
              return (
                <ServerRow key={name} name={name} server={server} busy={busy === name} onUse={use} onWeight={weigh} />
              );
            })}
          </tbody>
        </table>
      ))}
    </section>
  );
}
