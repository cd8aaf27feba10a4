import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import type { LintResult } from '../../src/model/control.ts';
import { type NodeId, peerOf } from '../../src/model/pair.ts';
import { inBox, output, whole } from '../rack/verbs.ts';
import { launch, logIn, openPage } from './browser.ts';

/** A cable that was pulled is seen in the browser within this, in the median of so many pulls. */
const FOLLOWS_MS = 1_000;
const PULLS = 3;

describe('the web console in a browser', { timeout: 600_000 }, () => {
  let browser: Browser;
  let active: NodeId;
  let page: Page;
  let password: string;
  let faults: readonly string[];

  before(async () => {
    // First: the start of a browser takes both processors from the boxes for seconds.
    browser = await launch();
    await (await browser.newPage()).goto('about:blank');
    active = (await whole()).active!;
    ({ page, password, faults } = await openPage(browser, active));
  });
  after(() => browser?.close());

  const role = (node: NodeId) => page.locator(`[data-router="${node}"]`).getAttribute('data-role');
  /** Resolves when the page shows it; a page that does not fails the test. */
  const shows = (selector: string): Promise<void> => page.locator(selector).first().waitFor({ state: 'attached' });

  test('a wrong password is refused in words, the right one opens the figure', async () => {
    await page.getByLabel('Password').fill('wrong horse battery');
    await page.getByRole('button', { name: 'Log in' }).click();
    await page.getByRole('alert').getByText('wrong-password').waitFor();
    assert.equal(await page.locator('svg.figure').count(), 0);
    await logIn(page, password);
    assert.equal(await role(active), 'active');
    await shows(`[data-router="${peerOf(active)}"][data-role="standby"]`);
    for (const side of ['public', 'private']) {
      await shows(`[data-router="${active}"] [data-float="${side}"]`);
      assert.equal(await page.locator(`[data-router="${peerOf(active)}"] [data-float="${side}"]`).count(), 0);
    }
    for (const link of ['serial', 'public', 'private']) await shows(`[data-link="${link}"][data-heard="true"]`);
    assert.equal(await page.locator('[data-machine]').count(), 3);
  });

  /** Of web/s2 in that box's kernel. */
  const weight = async (box = active) => /192\.0\.2\.12:8080 +Masq +(\d+)/.exec(await inBox(box, 'ipvsadm -Ln'))?.[1];

  test('a real server is drained and enabled by click, and the kernel has it', async () => {
    await page.getByRole('button', { name: 'drain web/s2' }).click();
    await page.getByRole('button', { name: 'enable web/s2' }).waitFor();
    assert.equal(await weight(), '0');
    assert.equal(await weight(peerOf(active)), '0');
    assert.match((await page.locator('[data-server="web/s2"]').textContent()) ?? '', /up, drained/);
    await page.getByRole('button', { name: 'enable web/s2' }).click();
    await page.getByRole('button', { name: 'drain web/s2' }).waitFor();
    assert.equal(await weight(), '1');
  });

  test('a weight is set by a click on it, and both kernels have it', async () => {
    for (const value of ['5', '1']) {
      await page.getByRole('button', { name: 'change the weight of web/s2' }).click();
      const field = page.getByLabel('weight of web/s2 in the document');
      await field.fill('65536');
      await field.press('Enter');
      assert.ok(await field.isVisible(), 'the browser takes no weight that the kernel does not');
      await field.fill(value);
      await field.press('Enter');
      await page
        .getByText(
          new RegExp(
            `^web/s2 weight \\S+ → ${value}, in the kernel after [0-9.]+ ms: revision \\d+ is in force on a and b$`,
          ),
        )
        .waitFor();
      assert.deepEqual([await weight(), await weight(peerOf(active))], [value, value]);
    }
  });

  test('a bad document is refused with path and remedy; a good one shows its plan first', async () => {
    await page.getByRole('button', { name: 'Apply a document…' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Load the one in force' }).click();
    const text = dialog.getByLabel('Pair document');
    await dialog.getByRole('button', { name: 'Show the plan', disabled: false }).waitFor();
    const good = await text.inputValue();
    assert.match(good, /^tandem: 1$/m);
    await text.fill(good.replace('port: 80\n', 'port: 99999\n'));
    await dialog.getByRole('button', { name: 'Show the plan' }).click();
    const alert = dialog.getByRole('alert');
    await alert.getByText('services[0].port').waitFor();
    assert.match((await alert.textContent()) ?? '', /99999.*give a whole number from 1 to 65535/);
    await text.fill(good.replace(/(name: web\n(?:.*\n)*?.*)scheduler: rr/, '$1scheduler: wlc'));
    await dialog.getByRole('button', { name: 'Show the plan' }).click();
    await dialog.getByText('-E -t 198.51.100.10:80 -s wlc').waitFor();
    assert.match(await inBox(active, 'ipvsadm -Ln'), /198\.51\.100\.10:80 rr/);
    await dialog.getByRole('button', { name: 'Apply', exact: true }).click();
    await dialog.getByText('is in force').waitFor();
    assert.match(await inBox(active, 'ipvsadm -Ln'), /198\.51\.100\.10:80 wlc/);
    await dialog.getByRole('button', { name: 'Close' }).click();
  });

  test('lint says in the browser what it says in the box', async () => {
    await page.getByRole('button', { name: 'Lint…' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Look again', disabled: false }).waitFor();
    // Its exit code says that something is amiss.
    const { findings } = JSON.parse(await inBox(active, 'tandem lint --json || true')) as LintResult;
    assert.deepEqual(
      await dialog.locator('li strong').allTextContents(),
      findings.map(({ code }) => code),
    );
    if (findings.length === 0) await dialog.getByText('nothing is amiss around this router').waitFor();
    await dialog.getByRole('button', { name: 'Close' }).click();
  });

  test('the router is held with a reason and resumed by click, and the lane has it', async () => {
    await page.getByRole('button', { name: 'Hold…' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('reason').fill('new cable');
    await dialog.getByRole('button', { name: 'Hold', exact: true }).click();
    await dialog.getByRole('status').waitFor();
    await dialog.getByRole('button', { name: 'Close' }).click();
    await page.getByText(/^router [ab] is HELD by web:\S+ \(new cable\)$/).waitFor();
    assert.match(await inBox(active, 'tandem status'), /HELD by web:\S+ \(new cable\)/);
    await page.getByRole('button', { name: 'Resume…' }).click();
    await dialog.getByRole('button', { name: 'Resume', exact: true }).click();
    await dialog.getByRole('status').waitFor();
    await dialog.getByRole('button', { name: 'Close' }).click();
    await page.getByRole('button', { name: 'Hold…' }).waitFor();
    assert.doesNotMatch(await inBox(active, 'tandem status'), /HELD/);
  });

  test('both floats are handed over by click, after the plan', async () => {
    await page.getByRole('button', { name: 'Hand over…' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.locator('ol.plan li').first().waitFor();
    assert.equal((await whole()).active, active, 'the plan alone moves nothing');
    await dialog.getByRole('button', { name: 'Hand over', exact: true }).click();
    await shows(`[data-router="${active}"][data-role="standby"]`);
    await shows(`[data-router="${peerOf(active)}"][data-role="active"]`);
    assert.equal((await whole()).active, peerOf(active));
    await dialog.getByRole('button', { name: /Close|Cancel/ }).click();
  });

  test(`a cable that is pulled shows within ${FOLLOWS_MS} ms`, async (t) => {
    const nic = `[data-router="${active}"] [data-nic="public"]`;
    const seen: number[] = [];
    while (seen.length < PULLS) {
      await shows(`${nic}[data-up="true"]`);
      const pulled = output('nic', active, 'wan', 'down').then(() => performance.now());
      await shows(`${nic}[data-up="false"]`);
      seen.push(Math.round(performance.now() - (await pulled)));
      await output('nic', active, 'wan', 'up');
    }
    await shows(`${nic}[data-up="true"]`);
    t.diagnostic(`seen ${seen.join(', ')} ms after the cable was pulled`);
    const median = seen.toSorted((a, b) => a - b)[(PULLS - 1) / 2]!;
    assert.ok(median <= FOLLOWS_MS, `seen after ${seen.join(', ')} ms`);
  });

  test('the page comes back by itself after the controller started again, without a login', async () => {
    await inBox(active, 'systemctl restart --no-block tandem-controller');
    await shows('.age.bad');
    await shows('.age[data-link="open"]:not(.bad)');
    assert.equal(await page.getByLabel('Password').count(), 0);
  });

  test('the twin’s power cut is shown', async () => {
    await output('cut', peerOf(active));
    await page.getByText('NOT HEARD').waitFor();
    await page.locator('.alarms').getByText('peer-silent').first().waitFor();
    await shows(`[data-router="${active}"][data-role="active"]`);
    await output('plug', peerOf(active));
  });

  test('the page asked nothing of another host, and its policy had nothing to stop', () => {
    assert.deepEqual(faults, []);
  });
});
