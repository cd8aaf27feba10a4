import type { Sabotage } from '../sabotage.ts';
import { actionsOf, standStill, take } from './actions.ts';
import { emptyModel, Hand } from './hand.ts';
import { GRID, type Model, STILL } from './model.ts';

/** Both lanes start at one instant. */
function bothStandby(sabotage: Sabotage | undefined): Model {
  const hand = new Hand(emptyModel, sabotage);
  hand.start('a');
  hand.start('b');
  return hand.model;
}

/** Without a fault, whatever may happen first happening first. */
function undisturbed(from: Model, sabotage: Sabotage | undefined, until: (model: Model) => boolean): Model {
  let model = from;
  while (!until(model)) {
    if (model.now > 5000) throw new Error('the undisturbed pair does not come to its start');
    model = take(model, actionsOf(model, false)[0]!, sabotage);
  }
  return model;
}

/** One owns, and has done so for a while; the other stands by. */
function settled(sabotage: Sabotage | undefined): Model {
  const owned = (model: Model): boolean => ['a', 'b'].some((node) => model.sites[node as 'a'].core?.own !== undefined);
  const first = undisturbed(bothStandby(sabotage), sabotage, owned);
  return undisturbed(first, sabotage, ({ now }) => now >= first.now + 3000);
}

/** Both lanes have listened for as long as they have to, and nobody has begun to take: the first term is not on a disk yet. */
function beforeTheFirst(sabotage: Sabotage | undefined): Model {
  const start = bothStandby(sabotage);
  const { startupListen } = start.sites.a.core!.config;
  return undisturbed(start, sabotage, ({ now }) => now >= start.now + startupListen - GRID);
}

/** The owner has just been asked to hand over. */
function handingOver(sabotage: Sabotage | undefined): Model {
  const start = settled(sabotage);
  const hand = new Hand(start, sabotage);
  hand.give(start.sites.a.core?.own !== undefined ? 'a' : 'b', { type: 'hand-over', request: 1, by: 'operator' });
  return hand.model;
}

/** The owner stood still, its clock too; its twin has taken the floats, and now it goes on. */
function thawed(sabotage: Sabotage | undefined): Model {
  const start = settled(sabotage);
  const owner = start.sites.a.core?.own !== undefined ? 'a' : 'b';
  const hand = new Hand(start, sabotage);
  standStill(hand, owner, STILL);
  return undisturbed(hand.model, sabotage, ({ now }) => now >= start.now + STILL);
}

/** Where an exploration begins, by its name. */
export const STARTS: Readonly<Record<string, (sabotage?: Sabotage) => Model>> = {
  'both start at once': bothStandby,
  'nobody has owned yet': beforeTheFirst,
  'one owns, one stands by': settled,
  'a hand-over is under way': handingOver,
  'a thawed owner meets the new one': thawed,
};
