/** `npm run screenshots`: the console on a desk and on a phone, light and dark, from a rack that runs or is started. */
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { needPackages } from '../../image/host/packages.ts';
import { whole } from '../rack/verbs.ts';
import { launch, logIn, openPage } from './browser.ts';
import { BROWSER_PACKAGES } from './packages.ts';

const root = join(import.meta.dirname, '..', '..');
const folder = join(root, 'screenshots');
const SIZES = { desk: { width: 1280, height: 900 }, phone: { width: 360, height: 780 } } as const;

async function take(): Promise<void> {
  const { active = 'a' } = await whole();
  mkdirSync(folder, { recursive: true });
  const browser = await launch();
  try {
    for (const [size, viewport] of Object.entries(SIZES)) {
      for (const colorScheme of ['light', 'dark'] as const) {
        const { page, context, password } = await openPage(browser, active, { viewport, colorScheme });
        await page.getByLabel('Password').waitFor();
        await page.screenshot({ path: join(folder, `login-${size}-${colorScheme}.png`) });
        await logIn(page, password);
        const path = join(folder, `console-${size}-${colorScheme}.png`);
        await page.screenshot({ path, fullPage: true });
        process.stdout.write(`${path}\n`);
        await context.close();
      }
    }
  } finally {
    await browser.close();
  }
}

if (process.env.NODE_TEST_CONTEXT === undefined) {
  needPackages(BROWSER_PACKAGES);
  const argv = [join(root, 'test/rack/run.ts'), import.meta.filename];
  process.exitCode = spawnSync(process.execPath, argv, { stdio: 'inherit' }).status ?? 1;
} else await take();
