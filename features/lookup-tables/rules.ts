import { z } from 'zod'
import { foldDiacritics } from '#lib/text-normalization.ts'

export interface Bank {
  readonly id: string
  readonly kind: 'bank' | 'wallet'
  readonly name: string
  readonly also: readonly string[]
  /** As dialled. Empty without a source; then the page shows the bank's own site. */
  readonly numbers: readonly string[]
  readonly site: string
  /** The page with the numbers, and whose page it is; null without numbers. */
  readonly source: { readonly url: string; readonly by: 'own' | 'press' } | null
  /** The day on which the source was last read, as `YYYY-MM-DD`. */
  readonly asOf: string
}

const https = z.url({ protocol: /^https$/ })

/** `cities/viet-nam/banks.json`, largest first. `assumed`: no page was found that states the numbers. */
export const bankFileSchema = z.array(
  z
    .strictObject({
      id: z.string().regex(/^[a-z][a-z0-9-]*$/),
      kind: z.enum(['bank', 'wallet']),
      name: z.string().min(1),
      also: z.array(z.string().min(1)),
      numbers: z.array(z.string().regex(/^\+?\d{3,13}$/)),
      site: https,
      source: https.nullable(),
      asOf: z.iso.date(),
      checked: z.enum(['own', 'press', 'assumed']),
    })
    .refine(
      ({ checked, source, numbers }) => checked === 'assumed' || (source !== null && numbers.length > 0),
      {
        message: 'what is checked has a number and a source',
      },
    ),
)
export function shownBank({
  checked,
  source,
  numbers,
  ...rest
}: z.output<typeof bankFileSchema>[number]): Bank {
  if (checked === 'assumed' || source === null) return { ...rest, numbers: [], source: null }
  return { ...rest, numbers, source: { url: source, by: checked } }
}

const words = (text: string): string =>
  ` ${foldDiacritics(text)
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()} `
const GENERIC = /\b(?:ngan hang|bank|vi dien tu|vi|tmcp)\b/g

export function findBanks(banks: readonly Bank[], search: string): readonly Bank[] {
  const sought = words(search.slice(0, 100)).replace(GENERIC, ' ').replace(/\s+/g, ' ').trim()
  if (sought === '') return banks
  const joined = sought.replaceAll(' ', '')
  return banks.filter(({ name, also }) =>
    [name, ...also].some((one) => {
      const said = words(one)
      return said.includes(` ${sought}`) || said.replaceAll(' ', '').startsWith(joined)
    }),
  )
}
