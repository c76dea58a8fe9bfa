/**
 * Makes a function that reads again once the last result is `fresh` milliseconds old, and never twice at the same time:
 * calls during a reading get its result.
 */
export function remembered<T>(fresh: number, read: () => Promise<T>): () => Promise<T> {
  let last: { readonly at: number; readonly value: T } | undefined
  let reading: Promise<T> | undefined
  return () => {
    if (last && performance.now() - last.at < fresh) return Promise.resolve(last.value)
    reading ??= read()
      .then((value) => {
        last = { at: performance.now(), value }
        return value
      })
      .finally(() => {
        reading = undefined
      })
    return reading
  }
}
