/** A puzzle in ALTCHA's form: which number from 0 to `max`, written behind `salt`, has the SHA-256 `challenge`? */
export interface Challenge {
  readonly challenge: string
  readonly salt: string
  readonly max: number
  /** The signature by which the server recognises its own puzzle. */
  readonly signature: string
}

/** Returns a puzzle as one word of letters, digits, `+` and `/`, which needs no escaping in a page. */
export const writeChallenge = ({ challenge, salt, max, signature }: Challenge): string =>
  btoa(JSON.stringify([challenge, salt, max, signature])).replaceAll('=', '')

/** Reads a puzzle that {@link writeChallenge} wrote. */
export function readChallenge(word: string): Challenge {
  const [challenge, salt, max, signature] = JSON.parse(atob(word))
  return { challenge, salt, max, signature }
}
