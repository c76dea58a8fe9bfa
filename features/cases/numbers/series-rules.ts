import { checkCharacter, isCrockford, type Random, randomCharacters, readCharacters } from '#lib/crockford.ts'
import { err, ok, type Result } from '#lib/result.ts'

export type NumberFault = 'empty' | 'format' | 'check'

const BODY_LENGTH = 8
/** The fewest characters that a number is searched by: a shorter part is in too many. */
const SHORTEST_PART = 4

/**
 * Makes a series of numbers such as `HCM-XXXX-XXXX-C`: a prefix, eight characters of Crockford's base32 and a
 * check character.
 */
export function numberSeries<N extends string>(prefix: string) {
  const write = (body: string, check: string): N =>
    `${prefix}-${body.slice(0, 4)}-${body.slice(4)}-${check}` as N
  return {
    /**
     * Draws a number out of 2^40; the database refuses the rare one that is taken, and the caller draws again.
     */
    draw(random: Random): N {
      const body = randomCharacters(random, BODY_LENGTH)
      return write(body, checkCharacter(body))
    },
    /**
     * Reads a number as people type or dictate it: any case and grouping, with or without its prefix, O for 0, I or L for
     * 1. `check` means that it has the right form but a character is wrong or two are swapped.
     */
    parse(input: string): Result<N, NumberFault> {
      const characters = readCharacters(input)
      if (characters === '') return err('empty')
      // A number without its prefix may itself begin with it: only the length tells.
      const prefixed = characters.length === prefix.length + BODY_LENGTH + 1 && characters.startsWith(prefix)
      const code = prefixed ? characters.slice(prefix.length) : characters
      if (!isCrockford(code, BODY_LENGTH + 1)) return err('format')
      const body = code.slice(0, BODY_LENGTH)
      const check = code.slice(BODY_LENGTH)
      return check === checkCharacter(body) ? ok(write(body, check)) : err('check')
    },
    /** Returns a possible part of a number, in normal form and without the prefix; null otherwise. */
    part(input: string): string | null {
      const characters = readCharacters(input)
      // Typed from the beginning, or from somewhere behind the prefix.
      const rest = characters.startsWith(prefix) ? characters.slice(prefix.length) : characters
      const code = rest.length < SHORTEST_PART ? characters : rest
      return code.length >= SHORTEST_PART && code.length <= BODY_LENGTH + 1 && isCrockford(code, code.length)
        ? code
        : null
    },
  }
}
