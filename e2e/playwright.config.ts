import { defineConfig } from '@playwright/test';

// Debian's Chromium; another one by AGENTYARD_CHROMIUM.
const executablePath = process.env.AGENTYARD_CHROMIUM ?? '/usr/bin/chromium';

export default defineConfig({
  testDir: './walk',
  outputDir: '../.cache/e2e/results',
  // One portal, one story: each part stands on what the parts before have made.
  workers: 1,
  fullyParallel: false,
  forbidOnly: !!process.env.CI,
  timeout: 300_000,
  expect: { timeout: 30_000 },
  reporter: [['list']],
  globalSetup: require.resolve('./walk/world/setUp'),
  use: {
    actionTimeout: 30_000,
    navigationTimeout: 60_000,
    baseURL: 'http://localhost:3000',
    viewport: { width: 1400, height: 1000 },
    screenshot: 'only-on-failure',
    launchOptions: {
      executablePath,
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
});
