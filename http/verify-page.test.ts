import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Browser, chromium, type Page } from '@playwright/test'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { GET } from '#app/log/programs/[file]/route.ts'
import { checkpointDirectory } from '#features/audit/files.ts'
import {
  readLatestCheckpoint,
  readStoryWithProofs,
  readSubmissionProof,
} from '#features/audit/proofs/data.ts'
import { provePublished } from '#features/audit/published/data.ts'
import { sealLog } from '#features/audit/sealing/acts.ts'
import { readLogVerifier, writeVerifierLine } from '#features/audit/sealing/data.ts'
import { writeCheckpoint } from '#features/audit/sealing/rules.ts'
import type { ReceiptNumber } from '#features/ratings/rating/rules.ts'
import { publishReceiptRoots } from '#features/ratings/receipts/acts.ts'
import { proveReceipt } from '#features/ratings/receipts/data.ts'
import { logChangedTables } from '#features/statistics/published-acts.ts'
import { addMilliseconds, DAY } from '#lib/time.ts'
import { writeVerifier } from '#lib/transparency/note.ts'
import { env } from '#platform/env.ts'
import { ed25519, sha256 } from '#platform/signatures.ts'
import { db } from '#tests/db.ts'
import { makeProvenCase } from '#tests/factories/case.ts'
import { makeRating } from '#tests/factories/rating.ts'
import { chromiumPath } from '../scripts/chromium.ts'

// The page is opened from disk, as its readers do, with files from the product.

let browser: Browser
let folder: string
let page: Page
beforeAll(async () => {
  const executablePath = chromiumPath()
  browser = await chromium.launch({ args: ['--no-sandbox'], ...(executablePath && { executablePath }) })
  folder = await mkdtemp(join(tmpdir(), 'verify-'))
})
afterAll(async () => {
  await browser?.close()
  await rm(folder, { recursive: true, force: true })
})
beforeEach(async () => {
  await rm(checkpointDirectory(), { recursive: true, force: true })
  const answer = await GET(new Request('http://localhost/x'), {
    params: Promise.resolve({ file: 'verify.html' }),
  })
  expect(answer.headers.get('content-disposition')).toContain('attachment')
  await writeFile(join(folder, 'verify.html'), Buffer.from(await answer.arrayBuffer()))
  const context = await browser.newContext({ locale: 'vi-VN' })
  await context.setOffline(true)
  page = await context.newPage()
  await page.goto(`file://${folder}/verify.html`)
})

/** Selects files by name and returns the page's verdict for each line. */
async function check(files: Readonly<Record<string, unknown>>, key = writeVerifierLine()): Promise<string[]> {
  const paths = await Promise.all(
    Object.entries(files).map(async ([name, content]) => {
      const path = join(folder, name)
      await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content))
      return path
    }),
  )
  await page.locator('#key').fill(key)
  await page.locator('#files').setInputFiles(paths)
  await page.locator('#form button').click()
  await page.waitForFunction(
    (count) => document.querySelectorAll('#said li').length >= count,
    Math.max(1, paths.length),
  )
  return page
    .locator('#said li')
    .evaluateAll((all) => all.map((one) => `${one.className} ${one.textContent}`))
}

test('proofs, stories, receipts and checkpoints hold offline; anything bent does not', async () => {
  const now = new Date()
  const before = addMilliseconds(now, -31 * DAY)
  const receipts: ReceiptNumber[] = []
  for (let n = 0; n < 10; n++) receipts.push(await makeRating('quan-3', before))
  const { id } = await makeProvenCase({})
  await logChangedTables(now)
  await publishReceiptRoots(now)
  await sealLog()
  const proof = await readSubmissionProof(id)
  const story = await readStoryWithProofs(id)
  const receipt = await proveReceipt(receipts[3] as ReceiptNumber)
  const { sha256: hash } = await db.publishedTable.findFirstOrThrow()
  const table = await provePublished(Buffer.from(hash).toString('hex'))
  const checkpoint = await readLatestCheckpoint()
  if (!proof || !story || !table || !checkpoint || !receipt || typeof receipt === 'string')
    throw new Error('no proof')
  const files = {
    'proof.json': proof,
    'story.json': story,
    'receipt.json': receipt,
    'table.json': table,
    'head.checkpoint': checkpoint,
  }
  // Written as other programs write a proof (c2sp.org/tlog-proof).
  const tlog = [
    ...[
      'c2sp.org/tlog-proof@v1',
      `extra ${Buffer.from(proof.leaf).toString('base64')}`,
      `index ${proof.index}`,
    ],
    ...[...proof.proof, '', proof.checkpoint],
  ].join('\n')
  const said = await check({ ...files, 'case.tlog-proof': tlog })
  expect(said.map((line) => line.slice(0, 3))).toEqual(['ok ', 'ok ', 'ok ', 'ok ', 'ok ', 'ok '])
  expect(said[0]).toContain('case.submit')
  expect(said[2]).toContain(receipt.receipt)
  expect(said[3]).toContain('results.quan-3')

  const bent = {
    'a.json': { ...proof, leaf: proof.leaf.replace('citizen', 'staff') },
    'b.json': { ...proof, index: proof.index + 1 },
    'c.json': { ...proof, checkpoint: proof.checkpoint.replace(/\n\d+\n/, '\n999\n') },
    'd.json': { ...story, caseId: '00000000-0000-4000-8000-000000000000' },
    'e.json': { ...receipt, receipt: receipts[4] },
    'f.json': { ...receipt, month: '2020-01' },
    'g.json': { ...receipt, entry: table },
    'h.checkpoint': checkpoint.replace(
      /^(— \S+ .{20})(.)/m,
      (_, before, one) => before + (one === 'A' ? 'B' : 'A'),
    ),
    'i.json': '{"format":"antam-audit-proof/1"}',
    'j.txt': 'x',
    'k.json': 'null',
  }
  expect((await check(bent)).map((line) => line.slice(0, 4))).toEqual(Object.keys(bent).map(() => 'bad '))
  // With another key nothing verifies, and without a key nothing is checked.
  const other = ed25519(Buffer.alloc(32, 9))
  const { name } = await readLogVerifier()
  const foreign = writeVerifier(sha256, { name, publicKey: other.publicKey })
  expect((await check({ 'proof.json': proof }, foreign))[0]).toContain('bad')
  expect((await check({ 'proof.json': proof }, 'x'))[0]).toContain('Chưa có khóa')

  // Two people were shown two different logs; their checkpoints together prove it.
  const seed = env().ANTAM_AUDIT_KEY
  if (!seed) throw new Error('no key')
  const { sign, publicKey } = ed25519(seed)
  const [, size] = checkpoint.split('\n')
  const split = writeCheckpoint(
    sha256,
    { size: Number(size), root: sha256(Buffer.from('x')) },
    { name, publicKey },
    sign,
  )
  const found = await check({ 'head.checkpoint': checkpoint, 'other.checkpoint': split })
  expect(found.at(-1)).toContain('HAI NHẬT KÝ')
})

test('the page asks for nothing, speaks both languages, and is short enough to be read', async () => {
  const source = await readFile('verify/verify.html', 'utf8')
  expect(source.trimEnd().split('\n').length).toBeLessThan(300)
  expect(source).not.toMatch(/https?:|import\(|fetch\(|src=/)
  expect(await page.locator('h1').textContent()).toContain('không cần mạng')
  await page.locator('#switch').click()
  expect(await page.locator('h1').textContent()).toBe('Check a proof, without a network')
  await page.locator('#form button').click()
  expect(await page.locator('#said').textContent()).toContain('There is no public key')
})

test('other files of the folder are not given out', async () => {
  for (const file of ['../package.json', 'vectors', 'x.py'])
    expect((await GET(new Request('http://localhost/x'), { params: Promise.resolve({ file }) })).status).toBe(
      404,
    )
})
