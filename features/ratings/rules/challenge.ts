/** A puzzle in ALTCHA's form: which number from 0 to `max`, written behind `salt`, has the SHA-256 `challenge`? */
export interface Challenge {
  readonly challenge: string
  readonly salt: string
  readonly max: number
  /** By which the server knows its own puzzle again. */
  readonly signature: string
}
