import type { Source } from './architecture.ts'

/** Lists the namespaces of messages that a file asks for, by any function. */
const NAMESPACE = /(?:getTranslations|useTranslations)\(\s*'([\w.-]+)'|namespace: '([\w.-]+)'/g
/** A message that is asked for as plain text; `rich`, `markup`, `raw` and `has` do something else with its markup. */
const PLAIN = /(?<![\w.])(\w+)\(\s*'([\w.-]+)'/g

/**
 * Returns the places where a message with markup is asked for as plain text, so that its tags would be printed, as
 * `path: key`.
 *
 * @param tagged keys of messages with markup, namespace included
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
    // A file of several namespaces: at fault only where every message it can mean has markup.
    return meant.length > 0 && meant.every((full) => tagged.has(full))
      ? [`${path}: ${meant.join(' or ')}`]
      : []
  })
}
