import AxeBuilder from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';
import path from 'node:path';

const gallery = path.resolve(__dirname, '../../../docs/images');
const wide = { width: 1400, height: 1000 };
const narrow = { width: 420, height: 900 };

/** Signs in as the guest of development. */
export async function enter(page: Page, address = '/') {
  await page.goto(address);
  await page.getByRole('button', { name: 'Enter' }).click();
  await expect(
    page.getByRole('link', { name: 'Rollouts' }).first(),
  ).toBeVisible();
}

/** Takes a picture for docs, when AGENTYARD_SCREENSHOTS=1 asks for it. */
export async function picture(
  page: Page,
  name: string,
  label = 'wide',
  colorScheme = 'light',
) {
  if (!process.env.AGENTYARD_SCREENSHOTS) return;
  await page.screenshot({
    path: path.join(gallery, `${name}-${label}-${colorScheme}.png`),
  });
}

/**
 * Looks at the page as people would: wide and narrow, light and dark, nothing wider than the window, and no violation
 * of accessibility rules in what Agentyard shows. With AGENTYARD_SCREENSHOTS=1 the pictures of docs are made anew.
 */
export async function look(page: Page, name: string) {
  await expect(page.getByRole('status', { name: /^Loading/ })).toHaveCount(0);
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    for (const [label, size] of [
      ['wide', wide],
      ['narrow', narrow],
    ] as const) {
      await page.setViewportSize(size);
      await page.waitForTimeout(300);
      // Two of the four are enough to tell.
      if ((label === 'wide') === (colorScheme === 'light')) {
        await picture(page, name, label, colorScheme);
      }
      if (label === 'narrow') {
        const overflow = await page.evaluate(
          () =>
            document.documentElement.scrollWidth -
            document.documentElement.clientWidth,
        );
        expect(overflow, `${name} is wider than a narrow window`).toBeLessThan(
          2,
        );
      }
    }
    await page.setViewportSize(wide);
    const { violations } = await new AxeBuilder({ page })
      // The frame is upstream's.
      .exclude('nav')
      .exclude('[class*="Sidebar"]')
      .withTags(['wcag2a', 'wcag2aa'])
      .analyze();
    expect(
      violations.map(
        ({ id, nodes }) =>
          `${id}: ${nodes.map(({ html }) => html.slice(0, 200))}`,
      ),
      `accessibility of ${name} (${colorScheme})`,
    ).toEqual([]);
  }
  await page.emulateMedia({ colorScheme: 'light' });
}
