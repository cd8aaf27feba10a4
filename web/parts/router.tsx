import type { Picture } from '../../src/model/console.ts';
import { type NodeId, SIDES, type Side } from '../../src/model/pair.ts';
import type { Layout } from './figureLayout.ts';

/** What this page's router knows of one of the two. */
export interface RouterView {
  readonly node: NodeId;
  /** This page's own router. */
  readonly own: boolean;
  readonly role: string;
  readonly term: number;
  readonly state: string;
  readonly heard: boolean;
  /** undefined = not known. */
  readonly nics: Readonly<Record<Side, boolean>> | undefined;
  /** Both from this router's own kernel; the twin's by its beats. */
  readonly floats: Readonly<Record<Side, boolean>>;
}

export function routerViews({ node, lane }: Picture): readonly RouterView[] {
  const twin: NodeId = node === 'a' ? 'b' : 'a';
  const none = { public: false, private: false };
  if (lane === null) {
    const silent = { role: 'unknown', term: 0, nics: undefined, floats: none };
    const own = { node, own: true, heard: false, state: 'the pair lane does not answer', ...silent };
    return [own, { ...own, node: twin, own: false, state: 'not known' }].sort((x, y) => (x.node < y.node ? -1 : 1));
  }
  const { peer } = lane;
  const serves = peer.heard && peer.role === 'active';
  const views: RouterView[] = [
    {
      node,
      own: true,
      role: lane.role,
      term: lane.term,
      state: `${lane.ready ? 'ready' : 'NOT READY'}${lane.hold === undefined ? '' : ', HELD'}`,
      heard: true,
      nics: lane.nics,
      floats: lane.floats,
    },
    {
      node: twin,
      own: false,
      role: peer.role,
      term: peer.term,
      state: !peer.heard ? 'NOT HEARD' : peer.held === true ? 'HELD' : peer.ready ? 'ready' : 'NOT READY',
      heard: peer.heard,
      nics: peer.heard ? peer.nics : undefined,
      floats: { public: serves, private: serves },
    },
  ];
  return views.sort((x, y) => (x.node < y.node ? -1 : 1));
}

interface Props {
  readonly view: RouterView;
  readonly figure: Picture['figure'];
  readonly layout: Layout;
}

const LABEL: Readonly<Record<Side, string>> = { public: 'VIP', private: 'gateway of the servers' };

export function Router({ view, figure, layout }: Props) {
  const { node, own, role, term, state, heard, nics, floats } = view;
  const { x, y } = layout.cards[node];
  const { w, h } = layout.card;
  const serving = heard && role === 'active';
  const last = !own && !heard ? 'last known ' : '';
  return (
    <g class={`router ${serving ? 'serving' : ''} ${heard ? '' : 'silent'}`} data-router={node} data-role={role}>
      <rect class="box" x={x} y={y} width={w} height={h} rx="6" />
      <text class="title" x={x + 12} y={y + 22}>
        router {node}
        {own ? ' (this one)' : ''}
      </text>
      <text class="role" x={x + w - 12} y={y + 22} text-anchor="end">
        {last}
        {serving ? 'ACTIVE' : role}
      </text>
      <text class={state === 'ready' ? 'quiet' : 'bad'} x={x + 12} y={y + 40}>
        term {term}, {state}
      </text>
      {SIDES.map((side, row) => (
        <Nic
          key={side}
          side={side}
          up={nics?.[side]}
          device={own ? (figure?.devices[side] ?? '') : ''}
          address={figure?.routers[node][side] ?? ''}
          x={x + 12}
          y={y + 62 + row * 18}
        />
      ))}
      {SIDES.map((side, row) =>
        floats[side] ? (
          <g class="float" key={side} data-float={side}>
            <rect x={x + 10} y={y + 90 + row * 24} width={w - 20} height="20" rx="4" />
            <text x={x + 18} y={y + 104 + row * 24}>
              {figure?.floats[side]} {LABEL[side]}
              {own ? '' : ', by its beats'}
            </text>
          </g>
        ) : null,
      )}
      {!floats.public && !floats.private && (
        <text class="quiet" x={x + 12} y={y + 114}>
          {own ? 'holds no float' : heard ? 'holds no float, by its beats' : 'its floats are not known'}
        </text>
      )}
    </g>
  );
}

interface NicProps {
  readonly side: Side;
  readonly up: boolean | undefined;
  readonly device: string;
  readonly address: string;
  readonly x: number;
  readonly y: number;
}

function Nic({ side, up, device, address, x, y }: NicProps) {
  const word = up === undefined ? 'not known' : up ? 'up' : 'DOWN';
  return (
    <g class={up === undefined ? 'nic' : up ? 'nic up' : 'nic down'} data-nic={side} data-up={String(up)}>
      <circle cx={x + 4} cy={y - 4} r="4" />
      <text x={x + 14} y={y}>
        {side} {device} {address} {word}
      </text>
    </g>
  );
}
