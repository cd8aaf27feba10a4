import assert from 'node:assert/strict';
import { test } from 'node:test';
import { differs, panelView } from '../../../../src/shell/lane/panelView.ts';
import { Driven } from '../../core/failover/harness.ts';

/** A box whose panel looks only when `differs`, and 1 ms later, as the shell does. */
function watched() {
  const box = new Driven('a').fit();
  let told = box.state;
  let view = panelView(box.state);
  const look = (): void => {
    if (!differs(told, box.state)) return;
    told = box.state;
    box.now += 1;
    view = panelView(box.state);
  };
  /** `ms` pass; the twin beats every 20 ms. */
  const live = (ms: number): void => {
    for (let passed = 0; passed < ms; passed += 20) {
      box.run(20);
      look();
      box.hear();
      look();
    }
  };
  return { box, look, live, view: () => view };
}

test('a box that stood still while something changed goes on showing the twin that it hears', () => {
  const { box, look, live, view } = watched();
  live(5000);
  assert.equal(view().twin, 'heard');
  box.give({ type: 'controller', ready: false });
  look();
  live(200);
  box.now += box.state.config.deadline + 30;
  box.give({ type: 'controller', ready: true });
  look();
  box.hear();
  look();
  live(5000);
  assert.equal(view().ready, true);
  assert.equal(view().twin, 'heard');
});

test('a twin that was never heard, one that is heard and one that fell silent are told apart', () => {
  const { box, look, live, view } = watched();
  box.run(5000);
  look();
  assert.equal(view().twin, 'never');
  live(1000);
  assert.equal(view().twin, 'heard');
  box.run(1000);
  look();
  assert.equal(view().twin, 'lost');
  live(1000);
  assert.equal(view().twin, 'heard');
});

test('the controller’s alarms stand beside the lane’s, each once', () => {
  const { state } = new Driven('a').fit();
  const own = panelView(state).alarms;
  assert.deepEqual(panelView(state, ['service-down web', 'service-down web']).alarms, [...own, 'service-down web']);
});
