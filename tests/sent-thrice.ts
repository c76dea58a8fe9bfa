import { expect } from 'vitest'

/** Sends a form three times in parallel, and checks that the answers are the same, done or refused. */
export async function sentThrice<T>(form: () => Promise<T>): Promise<T> {
  const [first, ...others] = await Promise.all([form(), form(), form()])
  for (const one of others) expect(one).toEqual(first)
  return first as T
}
