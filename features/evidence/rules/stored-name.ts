/** Returns the evidence and the part that a key in the store names. */
export function fileNameOf(key: string): { readonly id: string; readonly part: string } {
  const dot = key.indexOf('.')
  return { id: key.slice(0, dot), part: key.slice(dot + 1) }
}
