/** Comments as people write them. Personal data is in braces. */
export interface Corpus {
  /** Comments with personal data, by its kind. */
  readonly personal: Readonly<Record<string, readonly string[]>>
  /** Sentences that identify nobody. */
  readonly innocent: readonly string[]
}

export interface Marked {
  readonly text: string
  /** The personal parts: from, to. */
  readonly spans: readonly (readonly [number, number])[]
}

/** Removes the braces from a sentence, and returns their positions. */
export function unmarked(sentence: string): Marked {
  const spans: [number, number][] = []
  let text = ''
  let from = 0
  for (const part of sentence.split(/([{}])/)) {
    if (part === '{') from = text.length
    else if (part === '}') spans.push([from, text.length])
    else text += part
  }
  return { text, spans }
}
