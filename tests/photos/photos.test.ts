import { expect, it } from 'vitest'
import { full } from '#tests/runs.ts'
import { isBarcoded, KINDS } from './draw.ts'
import { measurePhotos } from './measure.ts'

const SEED = 16
/** Two settings pages, light and dark. */
const TEXT = [5, 6]

/** Every run reads nine pictures, two of them as text. `npm run test:full` reads all. */
const all = Array.from({ length: 320 }, (_, at) => at)
const kindOf = (at: number) => KINDS[at % KINDS.length] ?? 'box'
const few = [...all.filter((at) => isBarcoded(kindOf(at))).filter((_, at) => at % 33 === 0), ...TEXT]

it('reads the IMEIs of what people send, and offers no other number', async () => {
  const measured = await measurePhotos(SEED, full ? all : few)
  const share = ({ shown, offered }: { readonly shown: number; readonly offered: number }) => offered / shown
  expect(measured.wrong).toEqual([])
  expect(share(measured.barcodes), measured.missed.join('\n')).toBeGreaterThanOrEqual(0.95)
  expect(share(measured.text), measured.missed.join('\n')).toBeGreaterThanOrEqual(0.75)
}, 1_800_000)
