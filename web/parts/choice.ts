import type { PictureService } from '../../src/model/console.ts';
import { serverWords } from '../../src/model/serverWords.ts';

/** Real servers that the page shows at once: a browser takes seconds to lay out thousands. */
export const MOST_SHOWN = 200;

export interface Choice {
  /** With those of their servers that are shown; a service without one is left out, unless it was asked for by its name. */
  readonly services: readonly PictureService[];
  /** Real servers that fit the words, and all there are. */
  readonly fitting: number;
  readonly all: number;
}

/**
 * The services and servers in which each of the words stands: in a name (`web`, `web/s2`), an address or the state as the page
 * writes it (`down`, `drained`). No words fit all. At most `MOST_SHOWN` servers, in the document's order.
 */
export function choose(services: readonly PictureService[], words: string): Choice {
  const asked = words.toLowerCase().split(/\s+/).filter(Boolean);
  const fits = (text: string): boolean => asked.every((word) => text.toLowerCase().includes(word));
  let [fitting, all, room] = [0, 0, MOST_SHOWN];
  const shown: PictureService[] = [];
  for (const service of services) {
    const found = service.servers.filter((server) =>
      fits(`${service.name}/${server.name} ${service.address} ${server.address}:${server.port} ${serverWords(server)}`),
    );
    all += service.servers.length;
    fitting += found.length;
    const servers = found.slice(0, room);
    room -= servers.length;
    const named = found.length === 0 && fits(`${service.name} ${service.address}`);
    if (servers.length > 0 || named) shown.push({ ...service, servers });
  }
  return { services: shown, fitting, all };
}
