import { compileLane } from '../../../../src/core/document/compileLane.ts';
import {
  type DesiredState,
  desiredState,
  devicesOf,
  initialReconcile,
  type ReconcileEffect,
  type ReconcileEvent,
  type ReconcileState,
  step,
  sysctlsFor,
  type Wish,
  wakeAt,
} from '../../../../src/core/reconcile/index.ts';
import { driftWords } from '../../../../src/model/drift.ts';
import { runPlan } from '../../../../src/shell/controller/kernel.ts';
import { FakeKernel } from '../../../fakes/kernel.ts';
import { rackDocument, rackNode } from '../../../fakes/rackDocument.ts';

/** The example rack, as its kernel should be. */
export function desiredOf(change?: (text: string) => string): DesiredState {
  const document = rackDocument(change);
  return desiredState(document, compileLane(document, rackNode(), 'digest'), () => true);
}

/** The core on a kernel in memory, in simulated time. */
export class Bench {
  state: ReconcileState = initialReconcile;
  now = 0;
  readable = true;
  readonly kernel: FakeKernel;
  readonly effects: ReconcileEffect[] = [];

  constructor(kernel = new FakeKernel()) {
    this.kernel = kernel;
  }

  post(event: ReconcileEvent): void {
    const stepped = step(this.state, event, this.now);
    this.state = stepped.state;
    for (const effect of stepped.effects) {
      this.effects.push(effect);
      if (effect.type === 'read') this.post(this.#read());
      if (effect.type === 'apply') this.post({ type: 'applied', refused: runPlan(this.kernel, effect.plan) });
    }
  }

  #read(): ReconcileEvent {
    if (!this.readable) return { type: 'unreadable', text: 'EINTR' };
    const { ipvs, marks, guard, network, sysctls } = this.kernel;
    const names = sysctlsFor(devicesOf(this.state.desired!)).map((entry) => entry.name);
    const values = Object.fromEntries(names.map((name) => [name, sysctls.get(name)]));
    const { addresses, links, routes } = network;
    const observation = {
      ipvs: ipvs.read(),
      marks: marks.read(),
      guard: guard.read(),
      addresses: addresses(),
      links: links(),
      routes: routes(),
      sysctls: values,
    };
    return { type: 'observed', observation };
  }

  want(desired: DesiredState, reason: Wish = 'document'): void {
    this.post({ type: 'desired', desired, reason });
  }

  /** Lets time pass up to the next look and looks. */
  wake(): void {
    this.now = wakeAt(this.state);
    this.post({ type: 'tick' });
  }

  of<T extends ReconcileEffect['type']>(type: T): Extract<ReconcileEffect, { type: T }>[] {
    return this.effects.filter((effect): effect is Extract<ReconcileEffect, { type: T }> => effect.type === type);
  }

  forget(): void {
    this.effects.length = 0;
  }
}

/** One that holds the example rack. */
export function settled(): Bench {
  const bench = new Bench();
  bench.want(desiredOf(), 'start');
  if (!bench.state.verified) throw new Error('the fake kernel did not take the example rack');
  bench.forget();
  return bench;
}

/** The ledger of drift. */
export const told = (bench: Bench): string[] =>
  bench.of('drifted').flatMap(({ drifted }) => drifted.map((one) => `${driftWords(one)}, ${one.done}`));
