/** A puzzle in ALTCHA's format: which number from 0 to `max`, appended to `salt`, has the SHA-256 `challenge`? */
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

export function readChallenge(word: string): Challenge {
  const [challenge, salt, max, signature] = JSON.parse(atob(word))
  return { challenge, salt, max, signature }
}
