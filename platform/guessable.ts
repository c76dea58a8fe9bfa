import '#server-only'

/**
 * Number of guesses that a password must withstand, as a power of ten. A thief of the hashes can make that many within a day; a
 * stranger at the sign-in form never can.
 */
const MIN_GUESSES_LOG10 = 8

let judge: Promise<(password: string) => boolean> | undefined

/** Loads the lists and returns the check. They are large and rarely needed, so they are loaded for the first new password. */
async function load(): Promise<(password: string) => boolean> {
  const [{ ZxcvbnFactory }, { dictionary, adjacencyGraphs }] = await Promise.all([
    import('@zxcvbn-ts/core'),
    import('@zxcvbn-ts/language-common'),
  ])
  const estimator = new ZxcvbnFactory({ dictionary, graphs: adjacencyGraphs })
  return (password) => estimator.check(password).guessesLog10 < MIN_GUESSES_LOG10
}

/**
 * Tells whether a password is one of the 49,000 breached and common ones (zxcvbn-ts), or a variant: doubled, with digits
 * appended, in capitals, with `@` for `a`, or a walk over the keyboard.
 */
export async function isGuessable(password: string): Promise<boolean> {
  judge ??= load()
  return (await judge)(password.normalize('NFC'))
}
