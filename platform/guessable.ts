import '#server-only'

/**
 * Guesses that a password must withstand, as a power of ten. A thief who has the hashes can make that many within a
 * day; a stranger at the sign-in form never can.
 */
const MIN_GUESSES_LOG10 = 8

let judge: Promise<(password: string) => boolean> | undefined

/**
 * Loads the lists, and returns what judges a password by them. They are large and seldom needed, so they are
 * read when the first password is chosen.
 */
async function load(): Promise<(password: string) => boolean> {
  const [{ ZxcvbnFactory }, { dictionary, adjacencyGraphs }] = await Promise.all([
    import('@zxcvbn-ts/core'),
    import('@zxcvbn-ts/language-common'),
  ])
  const estimator = new ZxcvbnFactory({ dictionary, graphs: adjacencyGraphs })
  return (password) => estimator.check(password).guessesLog10 < MIN_GUESSES_LOG10
}

/**
 * Tells whether a password is among the breached and common ones (49,000, by zxcvbn-ts), or is one of them in another
 * guise: doubled, with digits behind it, in capitals, with `@` for `a`, or a walk over the keyboard.
 */
export async function isGuessable(password: string): Promise<boolean> {
  judge ??= load()
  return (await judge)(password.normalize('NFC'))
}
