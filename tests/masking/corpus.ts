/** Comments as people write them; personal data is in braces. */
export interface Corpus {
  /** By the kind of their personal data. */
  readonly personal: Readonly<Record<string, readonly string[]>>
  /** Sentences with nothing in them that leads to a person. */
  readonly innocent: readonly string[]
}

export interface Marked {
  readonly text: string
  /** The personal stretches: from, to. */
  readonly spans: readonly (readonly [number, number])[]
}

/** Takes the braces off a sentence and says where they stood. */
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
