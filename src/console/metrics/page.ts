import { exposition } from '../../core/stats/exposition.ts';
import { severityOf } from '../../model/alarmRank.ts';
import { mergeAlarms } from '../../model/mergeAlarms.ts';
import { VERSION } from '../../model/version.ts';
import type { Controller } from '../../shell/controller/controller.ts';
import { droppedBy } from '../../shell/controller/kernel.ts';
import { Families } from './families.ts';
import { laneFamilies } from './lane.ts';
import { serviceFamilies } from './services.ts';

/** Bytes that this process uses. */
export interface Memory {
  readonly resident: number;
  readonly heapUsed: number;
}

/** Everything that is measured, as Prometheus reads it. The lane is asked; of the kernel the firewall's counters alone. */
export async function metricsPage(controller: Controller, memory: Memory): Promise<string> {
  const { node } = controller.ports;
  const lane = await controller.lane.status();
  const to = new Families();
  to.gauge('build_info', 'Always 1; what runs here', 1, { version: VERSION, node: node.name });
  to.gauge('document_revision', 'Of the document in force; 0 = none yet', controller.active()?.revision.number ?? 0);
  to.gauge('kernel_verified', '1 when the kernel holds the document', controller.reconciler.state().verified);
  laneFamilies(to, lane);
  const alarms = mergeAlarms(lane?.alarms ?? [], controller.alarms.list());
  to.gauge('alarms', 'Alarms that stand, all together', alarms.length);
  const codes = new Map<string, number>();
  for (const { code } of alarms) codes.set(code, (codes.get(code) ?? 0) + 1);
  for (const [code, count] of codes) {
    const labels = { code, severity: severityOf(code) };
    to.gauge('alarms_by_code', 'Alarms that stand, by their code', count, labels);
  }
  const findings = new Map<string, number>();
  for (const { code } of controller.lint.list()) findings.set(code, (findings.get(code) ?? 0) + 1);
  for (const [code, count] of findings)
    to.gauge('lint_findings', 'What tandem lint finds, by its code', count, { code });
  for (const { chain, packets, bytes } of droppedBy(controller.ports.kernel.guard)) {
    const since = 'by the firewall since its table came into the kernel: for this box (input), to be routed (forward)';
    to.counter('firewall_dropped_packets', `Packets dropped ${since}`, packets, { chain });
    to.counter('firewall_dropped_bytes', `Bytes dropped ${since}`, bytes, { chain });
  }
  to.counter('samples', 'Looks at the kernel’s counters', controller.statistics.state().samples);
  to.gauge('controller_resident_memory_bytes', 'Memory of the controller’s process', memory.resident);
  to.gauge('controller_heap_used_bytes', 'Of the controller’s JavaScript heap', memory.heapUsed);
  serviceFamilies(to, controller);
  return exposition(to.list());
}
