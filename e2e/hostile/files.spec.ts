import { renameSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import { newImei } from '../answers.ts'
import { dataDir, productUrl } from '../fixtures.ts'
import { alone, expect, expectWords, openProof, Report, STEP, staff, test } from '../forms/people.ts'
import { errorsOn, type Upload, type Visitor } from '../forms/visitor.ts'

const picture = (side = 64, seed = 0) =>
  sharp({
    create: { width: side, height: side, channels: 3, background: { r: (seed * 37) % 256, g: 90, b: 120 } },
  })
    .jpeg()
    .toBuffer()

/** Returns a PNG whose header claims 30,000 × 30,000 pixels, without any of them. */
async function bomb(): Promise<Buffer> {
  const png = await sharp({ create: { width: 8, height: 8, channels: 3, background: '#000' } })
    .png()
    .toBuffer()
  png.writeUInt32BE(30_000, 16)
  png.writeUInt32BE(30_000, 20)
  return png
}

const MIB = 1024 * 1024
const idsIn = (body: string) => [
  ...new Set([...body.matchAll(/\/api\/evidence\/([0-9a-f-]{36})/g)].map(([, id]) => id ?? '')),
]

async function upload(who: Visitor, files: Upload[], changes: Record<string, string> = {}) {
  const page = await who.open('/bao-mat-may/giay-to')
  return who.submit(page, STEP, { evidence: files, evidenceKind: 'box', step: 'add', ...changes })
}

test('files that are not what they should be are refused in words, and nothing of them stays', async () => {
  const report = new Report()
  await report.toEvidence()
  const jpeg = await picture()
  const whole = await picture(400)
  const refused: Record<string, Buffer | string> = {
    'rong.jpg': '',
    'cat.jpg': whole.subarray(0, whole.length / 2),
    'gia.jpg': 'GIF89a, or so it says',
    've.svg': '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    'trang.html': '<!doctype html><script>alert(1)</script>',
    'chay.exe': Buffer.concat([Buffer.from('MZ'), Buffer.alloc(200)]),
    'chay.jpg': Buffer.concat([Buffer.from('\x7fELF'), Buffer.alloc(200)]),
    'bom.png': await bomb(),
    'cut.pdf': '%PDF-1.7\n1 0 obj',
    // It begins with a valid JPEG and is one byte too large.
    'lon.jpg': Buffer.concat([jpeg, Buffer.alloc(10 * MIB + 1 - jpeg.length)]),
  }
  for (const [name, content] of Object.entries(refused)) {
    const sent = await upload(report.who, [{ name, content }])
    expect(sent.status, name).toBe(303)
    const page = await report.who.follow(sent)
    expectWords(page)
    expect(errorsOn(page).evidence, name).toBeTruthy()
    expect(idsIn(page.body), name).toEqual([])
  }
  const english = await report.who.open('/en/report/evidence')
  const page = await report.who.follow(
    await report.who.submit(english, STEP, {
      evidence: [{ name: 'a.svg', content: '<svg/>' }],
      evidenceKind: 'box',
      step: 'add',
    }),
  )
  expect(page.body).toContain('<html lang="en"')
  expect(errorsOn(page).evidence).not.toMatch(/tệp|ảnh/i)
  // Some browsers send only the origin as the referrer, not the page.
  const silent = { headers: { referer: productUrl() } }
  const sent = await report.who.submit(english, STEP, { evidenceKind: 'box', step: 'add' }, silent)
  expect(sent.headers.get('location')).toBe('/en/report/evidence?error=none')
})

test('names lead nowhere, six files are enough, and nobody else sees them', async () => {
  const report = new Report()
  await report.toEvidence()
  const names = [
    '../../../etc/passwd',
    'a%0D%0ASet-Cookie: x=y.jpg',
    '..\\\\hop.jpg',
    '<img src=x onerror=alert(1)>.jpg',
    '\u202egpj.exe',
    '=cmd|x.jpg',
  ]
  for (const [seed, name] of names.entries()) {
    const page = await report.who.follow(
      await upload(report.who, [{ name, content: await picture(64, seed) }]),
    )
    expect(errorsOn(page), name).toEqual({})
    expect(page.body).not.toMatch(/etc\/passwd|<img src=x|\u202e/)
  }
  const full = await report.who.open('/bao-mat-may/giay-to')
  const ids = idsIn(full.body)
  expect(ids).toHaveLength(6)
  const seventh = await report.who.send('/api/evidence', sevenFiles(await picture(64, 77)))
  expect(errorsOn(await report.who.follow(seventh)).evidence).toBeTruthy()
  expect(idsIn((await report.who.open('/bao-mat-may/giay-to')).body)).toHaveLength(6)

  const [id = ''] = ids
  const view = await report.who.send(`/api/evidence/${id}`)
  expect(view.status).toBe(200)
  expect(view.headers.get('content-type')).toBe('image/jpeg')
  const original = await report.who.send(`/api/evidence/${id}/original`)
  expect(original.headers.get('content-disposition')).toMatch(/^attachment; filename="[^"\r\n/\\]*"/)
  for (const answer of [view, original]) {
    expect(answer.headers.get('content-security-policy')).toBe("sandbox; default-src 'none'")
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
    expect(answer.headers.get('cache-control')).toBe('private, no-store')
  }
  const other = new Report()
  await other.toEvidence()
  for (const path of ['', '/original', '/small']) {
    expect((await other.who.send(`/api/evidence/${id}${path}`)).status).toBe(404)
  }
  // A visitor cannot remove a file from another person's draft.
  await upload(other.who, [{ name: 'a.jpg', content: await picture(64, 99) }])
  const own = await other.who.open('/bao-mat-may/giay-to')
  await other.who.submit(own, 'name="evidenceId"', { evidenceId: id })
  expect((await report.who.send(`/api/evidence/${id}`)).status).toBe(200)
})

test('a file that the store has lost is answered in words, to the person who sent it and to police', async () => {
  const report = new Report({}, newImei())
  await report.toReview()
  const [id = ''] = idsIn((await report.who.open('/bao-mat-may/giay-to')).body)
  const seen = ['', '/small', '/pages/1?side=480']
  for (const path of seen) expect((await report.who.send(`/api/evidence/${id}${path}`)).status).toBe(200)
  const stored = ['original', 'view'].map((part) =>
    join(dataDir(), 'evidence', id.slice(0, 2), `${id}.${part}`),
  )
  for (const path of stored) renameSync(path, `${path}.away`)
  const expectLost = async (who: Visitor, path: string, init?: RequestInit) => {
    const answer = await who.send(`/api/evidence/${id}${path}`, init)
    expect(answer.status, path).toBe(410)
    expect(answer.body).toMatch(/kho lưu.+\n.+in the store any more/)
    expect(answer.headers.get('content-security-policy')).toBe("sandbox; default-src 'none'")
  }
  for (const path of [...seen, '/original']) await expectLost(report.who, path)
  // The file's record remains, and the report can be sent.
  expectWords(await report.who.open('/bao-mat-may/giay-to'))
  const { number } = await report.finish()
  const officer = await staff('officer', 'quan-3')
  expectWords(await openProof(officer, number))
  for (const path of seen) await expectLost(officer, path)
  await expectLost(officer, '/original', { method: 'POST' })
  // Once the file is back, it opens, and the background reading does not report a loss.
  for (const path of stored) renameSync(`${path}.away`, path)
  for (const path of seen) expect((await officer.send(`/api/evidence/${id}${path}`)).status).toBe(200)
})

function sevenFiles(content: Buffer): RequestInit {
  const body = new FormData()
  body.append('evidenceKind', 'box')
  body.append('step', 'add')
  body.append('evidence', new Blob([Uint8Array.from(content)]), '7.jpg')
  return { method: 'POST', body }
}

test('an upload that is no form, has no draft, or comes from elsewhere stores nothing', async () => {
  const report = new Report()
  await report.toEvidence()
  for (const type of [
    'multipart/form-data',
    'multipart/form-data; boundary=x',
    'application/json',
    'text/plain',
  ]) {
    const sent = await report.who.send('/api/evidence', {
      method: 'POST',
      body: 'x',
      headers: { 'content-type': type },
    })
    expect(sent.status, type).toBe(303)
    expect(errorsOn(await report.who.follow(sent)).evidence, type).toBeTruthy()
  }
  const { cookies } = report.who
  const draft = cookies.get('antam-draft') ?? ''
  cookies.set('antam-draft', `${draft.slice(0, -1)}${draft.endsWith('A') ? 'B' : 'A'}`)
  const sent = await report.who.send('/api/evidence', sevenFiles(await picture()))
  expect(sent.headers.get('location')).toBe('/bao-mat-may?fault=no_draft')
  expectWords(await report.who.open('/bao-mat-may/xem-lai'))
})

test('all that a shop pastes or sends is answered in words, and its answers open in no other session', async () => {
  const shop = await staff('shop')
  const page = await shop.open('/quan-tri/cua-hang')
  const check = (imeis: string, content?: Buffer | string) =>
    shop.submit(page, 'name="imeis"', { imeis, imeiFile: [{ name: 'kho.csv', content: content ?? '' }] })
  const refused: [string, string, (Buffer | string)?][] = [
    ['imeis', '\0\u200b\u202e;;\n'],
    ['imeis', '3\n'.repeat(501)],
    ['imeis', '9'.repeat(100_000)],
    ['imeiFile', '', Buffer.concat([Buffer.from('PK\x03\x04'), Buffer.alloc(200, 0xff)])],
    ['imeiFile', '', 'x'.repeat(MIB + 1)],
    ['imeiFile', '', `imei\n"${'3\n'.repeat(60_000)}`],
    ['imeiFile', '352987065816623', 'hãng;giá\nOppo;1'],
  ]
  for (const [field, imeis, content] of refused) {
    const answer = await check(imeis, content)
    expectWords(answer)
    expect(errorsOn(answer)[field], `${imeis.slice(0, 20)} ${String(content).slice(0, 20)}`).toBeTruthy()
  }
  const lines = ['</td><script>alert(1)</script>', '=1+1', '$F1', '__proto__', '👮‍♂️', '352987065816623']
  const answered = await check(lines.join('\n'))
  expectWords(answered)
  expect(answered.body.match(/data-imei-result="/g)).toHaveLength(lines.length)
  expect(answered.body).not.toContain('<script>alert(1)')
  const answers = /name="answers" value="([^"]+)"/.exec(answered.body)?.[1] ?? ''
  const take = (who: Visitor, sealed: string) => {
    const body = new FormData()
    body.set('answers', sealed)
    return who.send('/api/imei-list', { method: 'POST', body })
  }
  const taken = await take(shop, answers)
  expect(taken.headers.get('content-type')).toContain('text/csv')
  expect(taken.body).toContain("\r\n2,'=1+1,,")
  const other = await alone('shop')
  for (const [who, sealed] of [
    [other, answers],
    [shop, `${answers}x`],
    [shop, ''],
    [shop, 'x'.repeat(600_000)],
  ] as const) {
    const none = await take(who, sealed)
    expect([none.status, none.headers.get('location')]).toEqual([303, '/quan-tri/cua-hang?error=gone'])
  }
})
