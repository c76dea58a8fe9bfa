/** Jobs per act, oldest first. */
export const MOST_DEAD = 500

export type DeadChoice = { readonly all: true } | { readonly queue: string } | { readonly id: string }

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i
export const choiceValue = (choice: DeadChoice): string =>
  'all' in choice ? 'all' : 'queue' in choice ? `queue ${choice.queue}` : choice.id

export function readChoice(text: string): DeadChoice | null {
  if (text === 'all') return { all: true }
  if (UUID.test(text)) return { id: text.toLowerCase() }
  const [, queue] = /^queue ([a-z-]{1,40})$/.exec(text) ?? []
  return queue === undefined ? null : { queue }
}
