import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { chromium } from '@playwright/test'
import { readFile } from '#cities/city.ts'
import { citySchema } from '#cities/schema.ts'
import { freePort } from '../../scripts/free-port.ts'

const pagesOf = (agency: string) =>
  [
    ['home', '/'],
    ['map', '/ket-qua'],
    ['agencies', '/danh-gia'],
    ['rate', `/danh-gia/${agency}`],
    ['agency', `/ket-qua/${agency}`],
    ['report', '/bao-mat-may'],
    ['home-en', '/en'],
  ] as const
/** The widths of a phone and a desktop, in pixels. */
const WIDTHS = [360, 1280]

/** Starts the product for a city with its own data, and takes pictures of its pages into a folder. */
export async function takePictures(city: string, folder: string, executablePath: string): Promise<void> {
  const { example } = citySchema.parse(readFile('city.json', city))
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
    for (const width of WIDTHS) {
      const page = await browser.newPage({ baseURL: url, viewport: { width, height: 900 } })
      for (const [name, path] of pagesOf(example)) {
        const file = join(folder, `${name}-${width}.png`)
        await page.goto(path)
        await page.screenshot({ path: file, fullPage: true })
        console.log(file)
      }
      await page.close()
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
