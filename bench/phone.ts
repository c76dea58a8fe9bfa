import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Browser, Page } from '@playwright/test'
import sharp from 'sharp'
import { pathFor } from '#messages/paths.ts'
import { newAnswers } from '../e2e/answers.ts'
import { Outbox } from '../e2e/outbox.ts'
import { ReportPages } from '../e2e/pages/report-pages.ts'
import { drawPhoto } from '../tests/photos/draw.ts'
import { type Bed, filesOf, startWeb, startWorker } from './bed.ts'
import { connect } from './connection.ts'
import { readyDraft } from './draft.ts'
import { type Bench, difference, interleave, median } from './measure.ts'
import { slowPage, startChromium } from './slow-phone.ts'

const CASES = 1_000
const READINGS = 5
const REPORTS = 3
/**
 * The minimum time in ms between pressing the button and a taken or chosen photo; the IMEI reader is downloaded
 * meanwhile.
 */
const CHOOSING = 4_000
/** A label of a phone with two slots, by its number in tests/photos/draw.ts. */
const LABEL = 1
/** The long sides in pixels of a camera's photo with 12 megapixels, and of one sent by a messenger. */
const SIDES = { camera: 4000, messenger: 1280 } as const
/** The limit of the time from choosing the camera's photo to its numbers, in ms. */
const READ = { atMost: 3_000 } as const

/** Draws the label into a photo of that size, sides 4:3, with the noise of a camera. */
async function labelPhoto(side: number): Promise<Buffer> {
  const { jpeg } = await drawPhoto(16, LABEL)
  const [width, height] = [side, (side * 3) / 4]
  return sharp(jpeg)
    .resize(width, height, { fit: 'contain', background: '#b7b0a6' })
    .jpeg({ quality: 92 })
    .toBuffer()
}

/** Measures the time from choosing a photo until its numbers are offered, in ms. */
async function readPhoto(browser: Browser, url: string, cookie: string, photo: Buffer): Promise<number> {
  const page = await slowPage(browser, cookie)
  try {
    await page.goto(url + pathFor('vi', '/report/phone'), { waitUntil: 'networkidle' })
    const chooser = page.waitForEvent('filechooser')
    await page.locator('[data-photo-reader] label').last().click()
    const files = await chooser
    await sleep(CHOOSING)
    const started = performance.now()
    await files.setFiles({ name: 'Nhãn hộp.jpg', mimeType: 'image/jpeg', buffer: photo })
    await page.locator('[data-photo="found"]').waitFor({ timeout: 120_000 })
    return performance.now() - started
  } finally {
    await page.context().close()
  }
}

interface Journey {
  readonly seconds: number
  readonly kilobytes: number
  /** Answered fields, and pressed buttons and links. */
  readonly answers: number
  readonly presses: number
}

/** Counts the transfer of a page and the citizen's actions until it is closed. */
async function count(page: Page): Promise<{ bytes: number; answers: number; presses: number }> {
  const counted = { bytes: 0, answers: 0, presses: 0 }
  const devtools = await page.context().newCDPSession(page)
  devtools.on('Network.loadingFinished', ({ encodedDataLength }) => {
    counted.bytes += encodedDataLength
  })
  await devtools.send('Network.enable')
  await page.exposeFunction('benchDid', (what: 'answers' | 'presses') => {
    counted[what]++
  })
  await page.addInitScript(() => {
    const did = (what: string) => (globalThis as unknown as { benchDid(what: string): void }).benchDid(what)
    addEventListener('change', () => did('answers'), true)
    addEventListener('submit', () => did('presses'), true)
    addEventListener('click', ({ target }) => (target as Element).closest('a') && did('presses'), true)
  })
  return counted
}

/** Reports a phone from the first page to the receipt, without an account and with the IMEI of the box at hand. */
async function sendReport(browser: Browser, url: string, outbox: Outbox): Promise<Journey> {
  const page = await slowPage(browser)
  try {
    const counted = await count(page)
    const started = performance.now()
    await page.goto(url)
    const address = pathFor('vi', '/report')
    await page.locator(`main a[href="${address}"]`).first().click()
    await page.waitForURL(url + address)
    const report = new ReportPages(page, 'vi', outbox)
    const { incidentType, district, imei1, contactEmail, fullName, idKind, nationalId } = newAnswers()
    await report.fillInFromHere({
      ...{ incidentType, incidentWhen: 'now', district, imei1, contactEmail, fullName },
      ...{ idKind, nationalId },
    } as Parameters<ReportPages['fillInFromHere']>[0])
    await report.send()
    const seconds = (performance.now() - started) / 1000
    return { seconds, kilobytes: counted.bytes / 1000, answers: counted.answers, presses: counted.presses }
  } finally {
    await page.context().close()
  }
}

/**
 * Measures a report on a slow phone: the time until a photo of 12 megapixels gives its numbers, beside the same photo as
 * a messenger sends it, and the way from the first page to the receipt. Chromium slows only the page, not its workers:
 * the photo is read at the machine's own speed.
 */
export async function phone(bed: Bed): Promise<Bench> {
  const database = await bed.database(CASES)
  const product = await startWeb(database)
  const worker = await startWorker(database)
  const db = connect(database)
  const browser = await startChromium()
  try {
    const { cookie } = await readyDraft(db)
    const [camera, messenger] = await Promise.all([labelPhoto(SIDES.camera), labelPhoto(SIDES.messenger)])
    const times = await interleave(READINGS, {
      camera: () => readPhoto(browser, product.url, cookie, camera),
      messenger: () => readPhoto(browser, product.url, cookie, messenger),
    })
    const outbox = new Outbox(join(await filesOf(database), 'outbox'))
    const journeys: Journey[] = []
    for (let nth = 0; nth < REPORTS; nth++) journeys.push(await sendReport(browser, product.url, outbox))
    const of = (what: keyof Journey) => Math.round(10 * median(journeys.map((one) => one[what]))) / 10
    const read = median(times.camera)
    return {
      name: 'phone',
      figures: [
        {
          ...difference('a photo of 12 megapixels is read', 'ms', read, median(times.messenger), null),
          ...{ compared: read, target: READ },
        },
      ],
      facts: {
        'first page to receipt, s': of('seconds'),
        'first page to receipt, KB': of('kilobytes'),
        'fields answered': of('answers'),
        'buttons and links pressed': of('presses'),
        'photo, KB': Math.round(camera.length / 1000),
      },
    }
  } finally {
    await browser.close()
    await Promise.all([db.$disconnect(), product.stop(), worker.stop()])
  }
}
