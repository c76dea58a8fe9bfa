import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { chromium } from '@playwright/test'
import { freePort } from '../../scripts/free-port.ts'

const PAGES = [
  ['home', '/'],
  ['map', '/ket-qua'],
  ['agencies', '/danh-gia'],
  ['report', '/bao-mat-may'],
  ['home-en', '/en'],
] as const

/** Starts the product of a city with data of its own, and draws its pages into a folder. */
export async function takePictures(city: string, folder: string, executablePath: string): Promise<void> {
  const dataDir = mkdtempSync(join(tmpdir(), 'an-tam-pictures-'))
  const product = spawn(process.execPath, ['scripts/start.ts'], {
    env: { ...process.env, CITY: city, DATA_DIR: dataDir, PORT: String(await freePort()), DATABASE_URL: '' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = once(product, 'exit')
  try {
    const url = await Promise.race([
      readyAt(createInterface({ input: product.stdout })),
      ended.then(([code]) => Promise.reject(new Error(`the product stopped with ${code}`))),
    ])
    mkdirSync(folder, { recursive: true })
    const browser = await chromium.launch({ executablePath })
    const page = await browser.newPage({ baseURL: url, viewport: { width: 1280, height: 900 } })
    for (const [name, path] of PAGES) {
      await page.goto(path)
      await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true })
      console.log(join(folder, `${name}.png`))
    }
    await browser.close()
  } finally {
    product.kill('SIGTERM')
    await ended
    rmSync(dataDir, { recursive: true, force: true })
  }
}

const readyAt = (lines: ReturnType<typeof createInterface>): Promise<string> =>
  new Promise((resolve) => {
    lines.on('line', (line) => {
      const url = /An Tâm is ready: (\S+)/.exec(line)?.[1]
      if (url) resolve(url)
    })
  })
