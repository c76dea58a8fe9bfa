import type { Source } from './architecture.ts'

/** Finds the message namespaces that a file asks for, by any function. */
const NAMESPACE = /(?:getTranslations|useTranslations)\(\s*'([\w.-]+)'|namespace: '([\w.-]+)'/g
/** Finds messages that are asked for as plain text. `rich`, `markup`, `raw` and `has` handle markup in another way. */
const PLAIN = /(?<![\w.])(\w+)\(\s*'([\w.-]+)'/g

/**
 * Returns the places where a message with markup is asked for as plain text, which would print its tags. Each is `path: key`.
 *
 * @param tagged keys of messages with markup, with namespace
 * @param known keys of all messages
 */
export function markupFaults(
  { path, text }: Source,
  tagged: ReadonlySet<string>,
  known: ReadonlySet<string>,
): string[] {
  const namespaces = [...text.matchAll(NAMESPACE)].map((match) => match[1] ?? match[2] ?? '')
  return [...text.matchAll(PLAIN)].flatMap(([, , key]) => {
    const meant = namespaces.map((namespace) => `${namespace}.${key}`).filter((full) => known.has(full))
    // If the file has several namespaces, it is at fault only if every message that the key can mean has markup.
    return meant.length > 0 && meant.every((full) => tagged.has(full))
      ? [`${path}: ${meant.join(' or ')}`]
      : []
  })
}
