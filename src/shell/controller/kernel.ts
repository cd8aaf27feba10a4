import {
  type DesiredState,
  describeGuard,
  describeNetwork,
  describeStep,
  describeSysctl,
  devicesOf,
  type NetworkStep,
  type Observation,
  type Plan,
  type Refusal,
  sysctlsFor,
  tableFor,
} from '../../core/reconcile/index.ts';
import type { Dropped } from '../../model/guard.ts';
import type { PacketGuard } from '../../ports/guard.ts';
import type { IpvsTable, Sysctls } from '../../ports/ipvs.ts';
import type { PacketMarks } from '../../ports/marks.ts';
import type { Network } from '../../ports/network.ts';

/** The five doors to this box's kernel. */
export interface Kernel {
  readonly ipvs: IpvsTable;
  readonly marks: PacketMarks;
  readonly guard: PacketGuard;
  readonly network: Network;
  readonly sysctls: Sysctls;
}

/** Everything a plan is made from, read in one go. @throws TandemError `kernel-refused`. */
export function observe(kernel: Kernel, desired: DesiredState): Observation {
  const names = sysctlsFor(devicesOf(desired), tableFor(desired)).map((entry) => entry.name);
  return {
    ipvs: kernel.ipvs.read(),
    marks: kernel.marks.read(),
    guard: kernel.guard.read(),
    addresses: kernel.network.addresses(),
    links: kernel.network.links(),
    routes: kernel.network.routes(),
    sysctls: Object.fromEntries(names.map((name) => [name, kernel.sysctls.get(name)])),
  };
}

/** What the firewall has dropped; nothing when the kernel does not say it now: no answer may hang on a figure. */
export function droppedBy(guard: Pick<PacketGuard, 'dropped'>): readonly Dropped[] {
  try {
    return guard.dropped();
  } catch {
    return [];
  }
}

/** Runs every step in the plan's order and goes on after a refused one. Returns the refused ones; never throws. */
export function runPlan(kernel: Kernel, plan: Plan): Refusal[] {
  const refused: Refusal[] = [];
  const attempt = (name: string, run: () => void): void => {
    try {
      run();
    } catch (error) {
      refused.push({ step: name, text: error instanceof Error ? error.message : String(error) });
    }
  };
  for (const step of plan.sysctls) {
    attempt(describeSysctl(step), () => kernel.sysctls.set(step.name, step.value));
  }
  for (const step of plan.network) attempt(describeNetwork(step), () => change(kernel.network, step));
  attempt('changing the firewall marks', () => {
    if (plan.marks.length > 0) kernel.marks.apply(plan.marks);
  });
  for (const step of plan.guard) attempt(describeGuard(step), () => kernel.guard.apply(step.table));
  attempt('changing the IPVS table', () => {
    if (plan.ipvs.length === 0) return;
    for (const failure of kernel.ipvs.apply(plan.ipvs)) {
      refused.push({ step: describeStep(failure.step), text: `${failure.errno}: ${failure.text}` });
    }
  });
  return refused;
}

function change(network: Network, step: NetworkStep): void {
  switch (step.op) {
    case 'up':
      network.setUp(step.device);
      return;
    case 'set-address':
      network.changeAddresses([{ op: 'set', address: step.address }]);
      return;
    case 'set-route':
      network.setRoute(step.route);
      return;
  }
}
