import { initialStats, isLaidOutAs, layoutOf, type StatsEvent, type StatsState, step } from '../../core/stats/index.ts';
import type { PairDocument } from '../../model/document.ts';
import type { IpvsState } from '../../model/ipvs.ts';
import type { Clock, Close } from '../../ports/clock.ts';
import type { HistoryStore } from '../../ports/history.ts';
import type { Alarms } from './alarms.ts';
import { createKeeper } from './keeper.ts';

export interface Statistics {
  state(): StatsState;
  /** Another document is in force. */
  follow(document: PairDocument): void;
  /** The kernel's table as the reconcile loop just read it: there is no second reading for statistics. */
  observed(ipvs: IpvsState): void;
  readonly history: HistoryStore;
  /** Keeps what is not kept yet. */
  readonly close: Close;
}

/** Runs the statistics core on what the reconcile loop reads, and keeps its rows. */
export function createStatistics(history: HistoryStore, clock: Clock, alarms: Pick<Alarms, 'set'>): Statistics {
  let state = initialStats;
  let followed: PairDocument | undefined;
  const keeper = createKeeper(history, clock, alarms);

  function post(event: StatsEvent): void {
    const stepped = step(state, event, clock.now());
    state = stepped.state;
    for (const effect of stepped.effects) keeper.add(effect.rows);
  }

  return {
    state: () => state,
    follow(document) {
      if (followed === undefined || !isLaidOutAs(followed, document))
        post({ type: 'layout', layout: layoutOf(document) });
      followed = document;
    },
    observed: (ipvs) => post({ type: 'sample', ipvs, wall: clock.wall() }),
    history,
    close() {
      post({ type: 'end' });
      keeper.close();
    },
  };
}
