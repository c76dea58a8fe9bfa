import { readdirSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ImeiKey } from '#lib/imei/imei.ts'
import { importsOf } from '#tests/architecture.ts'
import { agreementOf, type FileReading, hintOf, type ReadImei, unclaimedPhones } from './rules.ts'

const KEYS = ['35678910000001', '35678910000002', '35209900176148', '86012304567890'] as ImeiKey[]

const imei = (key: ImeiKey): ReadImei => ({ imei: `${key}0`, key, page: 1, method: 'barcode', box: null })
const file = (keys: readonly ImeiKey[], outcome: FileReading['outcome'] = 'read'): FileReading => ({
  evidenceId: crypto.randomUUID(),
  outcome,
  pages: 1,
  pagesRead: 1,
  readAt: new Date(),
  found: keys.map(imei),
})
const [mine, second, other] = KEYS as [ImeiKey, ImeiKey, ImeiKey]

describe('what one file says of a claim', () => {
  test.each([
    ['the claimed phone', [mine], [mine], 'agrees'],
    ['the claimed phone and its second IMEI', [mine], [mine, second], 'agrees'],
    ['another phone', [mine], [other], 'differs'],
    ['a phone, where none is claimed yet', [], [other], 'unclaimed'],
    ['no number', [mine], [], 'nothing'],
    ['no number, where none is claimed', [], [], 'nothing'],
  ] as const)('%s', (_, claimed, found, says) => {
    expect(agreementOf(claimed, found.map(imei))).toBe(says)
  })
})

describe('the hint beside the checklist', () => {
  test.each([
    ['no file', [], null],
    ['a label of the phone', [file([mine])], 'agrees'],
    ['a label of another', [file([other])], 'differs'],
    ['a label of the phone, an invoice of another', [file([mine]), file([other])], 'both'],
    ['two phones’ labels in one picture', [file([mine, other])], 'agrees'],
    ['a photo of nothing', [file([])], 'nothing'],
    ['a file that cannot be read', [file([], 'unreadable')], 'nothing'],
    ['a file that waits', [file([]), file([], null)], 'unread'],
    ['a label of another, and a file that waits', [file([other]), file([], null)], 'differs'],
  ] as const)('%s', (_, files, hint) => {
    expect(hintOf([mine], files)).toBe(hint)
  })

  const keys = fc.subarray(KEYS)
  const files = fc.array(
    fc
      .tuple(keys, fc.constantFrom('read', null, 'unreadable', 'given_up'))
      .map(([found, outcome]) => file(outcome === 'read' ? found : [], outcome as FileReading['outcome'])),
    { maxLength: 5 },
  )

  test('follows from what is read alone: not from the order, nor from a file sent twice', () => {
    fc.assert(
      fc.property(keys, files, (claimed, all) => {
        const hint = hintOf(claimed, all)
        expect(hintOf(claimed, all.toReversed())).toBe(hint)
        expect(hintOf(claimed.toReversed(), [...all, ...all])).toBe(hint)
      }),
    )
  })

  test('says that it agrees only where a claimed number was read, and that it differs only where another was', () => {
    fc.assert(
      fc.property(keys, files, (claimed, all) => {
        const read = all.flatMap(({ found }) => found.map(({ key }) => key))
        const hint = hintOf(claimed, all)
        const agrees = read.some((key) => claimed.includes(key))
        expect(hint === 'agrees' || hint === 'both').toBe(agrees)
        if (hint === 'differs' || hint === 'both')
          expect(unclaimedPhones(claimed, all).length).toBeGreaterThan(0)
        if (hint === 'nothing' || hint === 'unread') expect(read).toEqual([])
      }),
    )
  })

  test('each phone that is not claimed is offered once', () => {
    fc.assert(
      fc.property(keys, files, (claimed, all) => {
        const offered = unclaimedPhones(claimed, all).map(({ key }) => key)
        const read = new Set(all.flatMap(({ found }) => found.map(({ key }) => key)))
        expect(offered).toEqual([...new Set(offered)])
        expect(new Set(offered)).toEqual(read.difference(new Set(claimed)))
      }),
    )
  })
})

test('no rule, decision, clock or order asks what a machine has read', () => {
  const paths = ['app', 'components', 'features', 'http', 'lib', 'platform']
    .flatMap((folder) =>
      readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => `${folder}/${name}`),
    )
    .filter((path) => /\.tsx?$/.test(path) && !path.includes('.test.'))
  const asks = (path: string) =>
    importsOf({ path, text: readFileSync(path, 'utf8') }).some(({ target }) =>
      /^features\/evidence\/(reading|readings\/(rules|data))\.ts$/.test(target),
    )
  const deciding = paths.filter((path) =>
    /\/(rules|commands|repository)\/|\/([\w-]+-)?(rules|commands|repository|acts|data|jobs)\.ts$/.test(path),
  )
  const outside = deciding.filter(asks)
  // The reader itself, the comparison for people, the person's export, the IMEI that they choose, and the pages of the police.
  expect(outside.toSorted()).toEqual([
    'features/cases/imeis/acts.ts',
    'features/cases/imeis/data.ts',
    'features/cases/proof/data.ts',
    'features/cases/queue/page-data.ts',
    'features/evidence/readings/acts.ts',
    'features/evidence/readings/comparison-rules.ts',
    'features/evidence/readings/data.ts',
    'features/privacy/export/acts.ts',
  ])
})
