import { useEffect, useState } from 'preact/hooks';
import type { Picture, PictureServer } from '../../src/model/console.ts';
import { type NodeId, SIDES, type Side } from '../../src/model/pair.ts';
import { heightOf, type Layout, NARROW, SERVER, WIDE } from './figureLayout.ts';
import { Router, type RouterView, routerViews } from './router.tsx';

/** Rows in the figure; the tables below have every server. */
const MOST = 8;

function useLayout(): Layout {
  const [query] = useState(() => window.matchMedia('(max-width: 760px)'));
  const [narrow, setNarrow] = useState(query.matches);
  useEffect(() => {
    const change = () => setNarrow(query.matches);
    query.addEventListener('change', change);
    return () => query.removeEventListener('change', change);
  }, [query]);
  return narrow ? NARROW : WIDE;
}

/** The pair in one sentence, for who cannot see it. */
function inWords(views: readonly RouterView[]): string {
  return views.map(({ node, role, state }) => `router ${node} is ${role}, ${state}`).join('; ');
}

/** LVS with NAT routing as it stands: clients, both routers, what joins them, and the real servers. */
export function Figure({ picture }: { readonly picture: Picture }) {
  const layout = useLayout();
  const views = routerViews(picture);
  const machines = machinesOf(picture);
  const height = heightOf(layout, Math.min(machines.length, MOST) + (machines.length > MOST ? 1 : 0));
  const { clients, card, cards } = layout;
  const between = cards.a.y + card.h;
  const links = picture.lane?.links ?? [];
  return (
    <svg class="figure" viewBox={`0 0 ${layout.width} ${height}`} role="img" aria-label={inWords(views)}>
      <Nets layout={layout} views={views} rows={Math.min(machines.length, MOST)} />
      <g class="clients">
        <rect class="box" x={clients.x} y={clients.y} width={clients.w} height={clients.h} rx="6" />
        <text class="title" x={clients.x + 12} y={clients.y + 24}>
          clients
        </text>
        <text
          class="quiet"
          x={layout === WIDE ? clients.x + 12 : clients.x + 74}
          y={clients.y + (layout === WIDE ? 44 : 24)}
        >
          {picture.figure?.gateway == null ? '' : `via ${picture.figure.gateway}`}
        </text>
      </g>
      {links.map(({ link, heard, ageMs }, index) => {
        const x = cards.a.x + (card.w / (links.length + 1)) * (index + 0.6);
        const age = ageMs === null ? 'never heard' : heard ? `${Math.round(ageMs)} ms` : 'SILENT';
        return (
          <g class={heard ? 'link' : 'link silent'} key={link} data-link={link} data-heard={String(heard)}>
            <line x1={x} y1={between} x2={x} y2={cards.b.y} />
            <text x={x + 7} y={between + 23}>
              {link}
            </text>
            <text class={heard ? 'quiet' : 'bad'} x={x + 7} y={between + 39}>
              {age}
            </text>
          </g>
        );
      })}
      {views.map((view) => (
        <Router key={view.node} view={view} figure={picture.figure} layout={layout} />
      ))}
      <Machines machines={machines} layout={layout} />
    </svg>
  );
}

interface NetsProps {
  readonly layout: Layout;
  readonly views: readonly RouterView[];
  /** Rows of servers, which the private network reaches. */
  readonly rows: number;
}

/** Both networks and each NIC's tie to them; the router that serves has the thick ones. */
function Nets({ layout, views, rows }: NetsProps) {
  const { cards, card, clients, nets } = layout;
  const y = (node: NodeId): number => cards[node].y + 26;
  const lastRow = layout.servers.y + (rows - 1) * (SERVER.h + SERVER.gap) + SERVER.h / 2;
  const end = (side: Side): number =>
    side === 'private' && layout === WIDE ? Math.max(nets.private.to, lastRow) : nets[side].to;
  return (
    <g class="nets">
      {SIDES.map((side) => (
        <g key={side}>
          <line class="net" x1={nets[side].x} y1={nets[side].from} x2={nets[side].x} y2={end(side)} />
          {layout === WIDE && (
            <text class="quiet" x={nets[side].x} y={nets[side].from - 10} text-anchor="middle">
              {side}
            </text>
          )}
        </g>
      ))}
      {layout === WIDE && (
        <line class="net" x1={clients.x + clients.w} y1={clients.y + 29} x2={nets.public.x} y2={clients.y + 29} />
      )}
      {views.flatMap(({ node, role, heard, nics }) =>
        SIDES.map((side) => {
          const edge = side === 'public' ? cards[node].x : cards[node].x + card.w;
          const state = nics?.[side] === false ? 'down' : !heard ? 'unknown' : role === 'active' ? 'serving' : 'idle';
          return (
            <line
              class={`tie ${state}`}
              key={`${node} ${side}`}
              x1={nets[side].x}
              y1={y(node)}
              x2={edge}
              y2={y(node)}
            />
          );
        }),
      )}
    </g>
  );
}

/** One real server with everything that it serves. */
interface Machine {
  readonly address: string;
  readonly names: readonly string[];
  readonly servers: readonly PictureServer[];
}

function machinesOf({ services }: Picture): readonly Machine[] {
  const byAddress = new Map<string, PictureServer[]>();
  for (const server of services.flatMap((service) => service.servers)) {
    byAddress.set(server.address, [...(byAddress.get(server.address) ?? []), server]);
  }
  return [...byAddress].map(([address, servers]) => ({
    address,
    servers,
    names: [...new Set(servers.map(({ name }) => name))],
  }));
}

function stateOf({ servers }: Machine): { readonly word: string; readonly tone: 'good' | 'warn' | 'bad' } {
  const down = servers.filter(({ up }) => !up).length;
  if (down === servers.length) return { word: 'DOWN', tone: 'bad' };
  if (down > 0) return { word: `DOWN in ${down} of ${servers.length}`, tone: 'bad' };
  const out = servers.filter(({ weight }) => weight === 0).length;
  if (out === servers.length) return { word: 'up, no new connections', tone: 'warn' };
  return out > 0 ? { word: `up, out of ${out} of ${servers.length}`, tone: 'warn' } : { word: 'up', tone: 'good' };
}

function Machines({ machines, layout }: { readonly machines: readonly Machine[]; readonly layout: Layout }) {
  const { x, y, w } = layout.servers;
  const shown = machines.slice(0, MOST);
  const top = (row: number): number => y + row * (SERVER.h + SERVER.gap);
  return (
    <g class="machines">
      {shown.map((machine, row) => {
        const { word, tone } = stateOf(machine);
        const sum = (pick: (server: PictureServer) => number): number =>
          machine.servers.reduce((total, server) => total + pick(server), 0);
        const middle = top(row) + SERVER.h / 2;
        return (
          <g key={machine.address} data-machine={machine.names.join(' ')}>
            {layout === WIDE && <line class="net" x1={layout.nets.private.x} y1={middle} x2={x} y2={middle} />}
            <rect class={`box ${tone}`} x={x} y={top(row)} width={w} height={SERVER.h} rx="6" />
            <text x={x + 12} y={top(row) + 17}>
              <tspan class="title">{machine.names.join(', ')}</tspan> {machine.address}
            </text>
            <text class={tone} x={x + w - 12} y={top(row) + 17} text-anchor="end">
              {word}
            </text>
            <text class="quiet" x={x + 12} y={top(row) + 33}>
              {sum(({ active }) => active)} connections, {sum(({ rates }) => rates.connections)} new/s
            </text>
          </g>
        );
      })}
      {machines.length > MOST && (
        <text class="quiet" x={x + 12} y={top(MOST) + 20}>
          and {machines.length - MOST} more below
        </text>
      )}
    </g>
  );
}
