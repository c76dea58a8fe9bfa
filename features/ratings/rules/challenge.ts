/** A puzzle in ALTCHA's form: which number from 0 to `max`, written behind `salt`, has the SHA-256 `challenge`? */
export interface Challenge {
  readonly challenge: string
  readonly salt: string
  readonly max: number
  /** By which the server knows its own puzzle again. */
  readonly signature: string
}

/** Returns a puzzle as one word of letters, digits, `+` and `/`, which stands in a page as it is. */
export const writeChallenge = ({ challenge, salt, max, signature }: Challenge): string =>
  btoa(JSON.stringify([challenge, salt, max, signature])).replaceAll('=', '')

/** Reads a puzzle that {@link writeChallenge} wrote. */
export function readChallenge(word: string): Challenge {
  const [challenge, salt, max, signature] = JSON.parse(atob(word))
  return { challenge, salt, max, signature }
}
