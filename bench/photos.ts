import { measurePhotos } from '../tests/photos/measure.ts'
import { type Bench, difference, median } from './measure.ts'

const SEED = 16
const PICTURES = 320

/**
 * Measures how the browser's code reads synthetic photos of labels and screens: the percentage of IMEIs that it offers,
 * beside the required percentage. tests/photos/draw.ts draws them; the seed makes them the same each time.
 */
export async function photos(): Promise<Bench> {
  const indices = Array.from({ length: PICTURES }, (_, at) => at)
  const { barcodes, text, byKind, wrong, missed, times } = await measurePhotos(SEED, indices)
  const share = (of: { readonly shown: number; readonly offered: number }) => (100 * of.offered) / of.shown
  for (const line of missed) console.log(`missed ${line}`)
  for (const line of wrong) console.log(`WRONG ${line}`)
  return {
    name: 'photos',
    figures: [
      difference('IMEIs read from barcodes', '%', share(barcodes), 95, { atLeast: 0 }),
      difference('IMEIs read from text', '%', share(text), 75, { atLeast: 0 }),
      difference('wrong numbers offered', '', wrong.length, 0, { atMost: 0 }),
    ],
    facts: {
      pictures: PICTURES,
      'ms a picture with barcodes (median)': Math.round(median(times.barcodes)),
      'ms a picture of text (median)': Math.round(median(times.text)),
      ...Object.fromEntries([...byKind].map(([group, of]) => [group, `${of.offered} of ${of.shown}`])),
    },
  }
}
