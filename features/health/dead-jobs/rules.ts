/** The most dead jobs that one act sends again or drops, the oldest first. */
export const MOST_DEAD = 500

/** The dead jobs that an act means: all of them, those of a queue, or one. */
export type DeadChoice = { readonly all: true } | { readonly queue: string } | { readonly id: string }

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i
/** The value of a choice in a form, and in the command. */
export const choiceValue = (choice: DeadChoice): string =>
  'all' in choice ? 'all' : 'queue' in choice ? `queue ${choice.queue}` : choice.id

/** Reads the value of a choice; null where it is none. */
export function readChoice(text: string): DeadChoice | null {
  if (text === 'all') return { all: true }
  if (UUID.test(text)) return { id: text.toLowerCase() }
  const [, queue] = /^queue ([a-z-]{1,40})$/.exec(text) ?? []
  return queue === undefined ? null : { queue }
}
