import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { newWord } from '../answers.ts'
import { dataDir } from '../fixtures.ts'
import { expect, Report, test } from '../forms/people.ts'

/** PostgreSQL may replace or remove files and folders while the test reads them. */
function unlessGone<T>(read: () => T, instead: T): T {
  try {
    return read()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return instead
    throw error
  }
}

function filesBelow(folder: string): string[] {
  return unlessGone(() => readdirSync(folder, { withFileTypes: true }), []).flatMap((entry) => {
    const path = join(folder, entry.name)
    return entry.isDirectory() ? filesBelow(path) : entry.isFile() ? [path] : []
  })
}

/** Lists the stored files, except the outbox: its messages leave the product. */
const kept = () => filesBelow(dataDir()).filter((path) => !path.includes('/outbox/'))

test('nothing on disk says who reported what, in plain text', async () => {
  const mark = newWord()
  const canaries = {
    fullName: `Hoàng Kanari ${mark}`,
    place: `Hẻm kanari ${mark}`,
    story: `Chuyện kanari ${mark}`,
    address: `Nhà kanari ${mark}`,
    contactEmail: `kanari.${mark}@example.vn`,
    serialNumber: `KNR${mark}`.toUpperCase(),
    nationalId: '079196987654',
    phoneNumber1: '0987 605 413',
  }
  const report = new Report(canaries)
  const { number, secret } = await report.file()
  expect(secret).not.toBe('')
  // Every text contains the mark.
  const needles = [
    mark,
    mark.toUpperCase(),
    canaries.nationalId,
    '987605413',
    secret,
    secret.replaceAll('-', ''),
  ].map((text) => Buffer.from(text))
  const known = Buffer.from(number)
  let seen = false
  for (const path of kept()) {
    const bytes = unlessGone(() => readFileSync(path), Buffer.alloc(0))
    seen ||= bytes.includes(known)
    for (const needle of needles) expect(bytes.includes(needle), `${needle} in ${path}`).toBe(false)
  }
  // The number is not secret. Finding it proves that the test searches the right place.
  expect(seen).toBe(true)
})
