import { err, ok, type Result } from '#lib/result.ts'

/** Crockford's base 32: no signs that look alike. */
const SIGNS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const LENGTH = 9
/** The random bits of an id before its first fixed ones (RFC 9562, version 4); the code has 45 of them. */
const RANDOM_BITS = 48
const DROPPED = BigInt(RANDOM_BITS - 5 * LENGTH)

/**
 * Returns a message's code: the first bits of its random id, in three groups. A guess hits a given message once in 35 trillion.
 * In groups of three it never looks like a confirmation code, which has six digits in a row.
 */
export function codeOfMessage(id: string): string {
  const bits = BigInt(`0x${id.replaceAll('-', '').slice(0, RANDOM_BITS / 4)}`) >> DROPPED
  const signs = Array.from({ length: LENGTH }, (_, at) => SIGNS[Number((bits >> BigInt(5 * at)) & 31n)])
  return signs
    .toReversed()
    .join('')
    .replace(/(...)(?=.)/g, '$1-')
}

export function idsOfCode(code: string): { readonly first: string; readonly last: string } {
  const bits = [...code.replaceAll('-', '')].reduce(
    (sum, sign) => sum * 32n + BigInt(SIGNS.indexOf(sign)),
    0n,
  )
  const id = (value: bigint, rest: string) => {
    const hex = value.toString(16).padStart(RANDOM_BITS / 4, '0')
    return `${hex.slice(0, 8)}-${hex.slice(8)}-${rest}`
  }
  const first = bits << DROPPED
  return {
    first: id(first, '0000-0000-000000000000'),
    last: id(first | ((1n << DROPPED) - 1n), 'ffff-ffff-ffffffffffff'),
  }
}

/** Replaces letters that are easily mistaken for digits, and drops separators. */
const asSigns = (text: string): string =>
  text
    .toUpperCase()
    .replaceAll('O', '0')
    .replace(/[IL]/g, '1')
    .replace(/[\s.–—-]/g, '')
const CODE = new RegExp(`^[${SIGNS}]{${LENGTH}}$`)
const WITHIN = /(?<![0-9A-Z-])[0-9A-Z]{3}-[0-9A-Z]{3}-[0-9A-Z]{3}(?![0-9A-Z-])/gi
/** A link, also without `https://`, because phones make those clickable too. */
const LINK =
  /https?:\/\/[^\s<>"“”]+|(?<![\p{L}\p{N}@.-])(?:[\p{L}\p{N}-]+\.)+[a-z]{2,24}(?![\p{L}\p{N}-])(?:[/?#:][^\s<>"“”]*)?/giu

/** Reads a typed code, or finds the code in a whole pasted message. */
export function readMessage(typed: string): Result<
  {
    readonly code: string
    readonly hosts: readonly string[]
  },
  'empty' | 'format' | 'several'
> {
  const text = typed.normalize('NFKC').slice(0, 5_000)
  if (text.trim() === '') return err('empty')
  const hosts = [...new Set((text.match(LINK) ?? []).map(hostOf))]
  const grouped = (signs: string) => signs.replace(/(...)(?=.)/g, '$1-')
  const alone = asSigns(text)
  if (CODE.test(alone)) return ok({ code: grouped(alone), hosts })
  const found = new Set((text.match(WITHIN) ?? []).map(asSigns).filter((one) => CODE.test(one)))
  const [code, ...others] = found
  if (code === undefined) return err('format')
  return others.length > 0 ? err('several') : ok({ code: grouped(code), hosts })
}

const hostOf = (link: string): string => {
  try {
    return new URL(/^https?:/i.test(link) ? link : `https://${link}`).hostname
  } catch {
    return link
  }
}
