import { type Browser, chromium, type Page } from '@playwright/test'
import { chromiumPath } from '../scripts/chromium.ts'

/** A cheap phone on a slow line: its round trip in ms, bytes per second, and how many times slower its processor is. */
const SLOW = { latency: 150, down: 200_000, up: 94_000, processor: 4 } as const

export function startChromium(): Promise<Browser> {
  const executablePath = chromiumPath()
  return chromium.launch({
    ...(executablePath && { executablePath }),
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--no-first-run'],
  })
}

/** Opens an empty page of a new browser on such a phone; close its context afterwards. */
export async function slowPage(browser: Browser, cookie = ''): Promise<Page> {
  const context = await browser.newContext({
    viewport: { width: 360, height: 640 },
    ...(cookie && { extraHTTPHeaders: { cookie } }),
  })
  const page = await context.newPage()
  const devtools = await context.newCDPSession(page)
  const { latency, down, up, processor } = SLOW
  await devtools.send('Network.enable')
  await devtools.send('Network.emulateNetworkConditions', {
    ...{ offline: false, latency },
    ...{ downloadThroughput: down, uploadThroughput: up },
  })
  await devtools.send('Emulation.setCPUThrottlingRate', { rate: processor })
  return page
}
