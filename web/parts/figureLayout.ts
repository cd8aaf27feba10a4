import type { NodeId } from '../../src/model/pair.ts';

/** Where the parts of the figure stand, in the units of its viewBox. */
export interface Layout {
  readonly width: number;
  readonly clients: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly card: { readonly w: number; readonly h: number };
  readonly cards: Readonly<Record<NodeId, { readonly x: number; readonly y: number }>>;
  /** The two networks: a vertical line at x from the first y to the last. */
  readonly nets: Readonly<
    Record<'public' | 'private', { readonly x: number; readonly from: number; readonly to: number }>
  >;
  readonly servers: { readonly x: number; readonly y: number; readonly w: number };
}

const CARD = { h: 142, gap: 54 } as const;
export const SERVER = { h: 40, gap: 8 } as const;

/** Side by side, as the figure is drawn: clients left, routers in the middle, real servers right. */
export const WIDE: Layout = {
  width: 980,
  clients: { x: 4, y: 99, w: 132, h: 58 },
  card: { w: 330, h: CARD.h },
  cards: { a: { x: 232, y: 4 }, b: { x: 232, y: 4 + CARD.h + CARD.gap } },
  nets: { public: { x: 186, from: 28, to: 228 }, private: { x: 608, from: 22, to: 228 } },
  servers: { x: 660, y: 4, w: 316 },
};

/** One below the other, for a phone. */
export const NARROW: Layout = {
  width: 340,
  clients: { x: 2, y: 2, w: 336, h: 40 },
  card: { w: 292, h: CARD.h },
  cards: { a: { x: 24, y: 58 }, b: { x: 24, y: 58 + CARD.h + CARD.gap } },
  nets: { public: { x: 10, from: 42, to: 282 }, private: { x: 330, from: 84, to: 424 } },
  servers: { x: 2, y: 424, w: 336 },
};

/** Height of the figure with so many rows of servers. */
export function heightOf(layout: Layout, rows: number): number {
  const routers = layout.cards.b.y + layout.card.h + 4;
  return Math.max(routers, layout.servers.y + rows * (SERVER.h + SERVER.gap));
}
