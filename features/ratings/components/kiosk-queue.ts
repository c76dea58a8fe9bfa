import { enqueued, type QueuedAnswer, readQueue } from '../rules/kiosk.ts'

export interface DeviceQueue {
  /** Returns the answers that are to be sent, the oldest first. */
  readonly waiting: () => readonly QueuedAnswer[]
  /** Answers whether the device keeps it when the page is left. */
  readonly add: (answer: QueuedAnswer) => boolean
  readonly remove: (submitKey: string) => void
  /** Tells whether something waits that leaving the page would lose. */
  readonly unkept: () => boolean
}

/**
 * Keeps the answers that wait on a kiosk's device. Its storage can be full, switched off or damaged: answers that it
 * does not keep wait in the page.
 *
 * @param agency the agency of the answers: a device keeps each agency's apart
 * @param storage called each time, as the browser may refuse it
 */
export function deviceQueue(agency: string, storage: () => Storage): DeviceQueue {
  const name = `an-tam-kiosk-${agency}`
  let inPage: readonly QueuedAnswer[] = []
  /** Sent, and still in a storage that could not be written: not to be sent again and again. */
  const sent = new Set<string>()

  function stored(): readonly QueuedAnswer[] {
    try {
      return readQueue(storage().getItem(name)).filter(({ submitKey }) => !sent.has(submitKey))
    } catch {
      return []
    }
  }

  function store(answers: readonly QueuedAnswer[]): boolean {
    try {
      storage().setItem(name, JSON.stringify(answers))
      return true
    } catch {
      return false
    }
  }

  const waiting = () => [...stored(), ...inPage]
  return {
    waiting,
    unkept: () => inPage.length > 0,
    add(answer) {
      const kept = store(enqueued(waiting(), answer))
      inPage = kept ? [] : enqueued(inPage, answer)
      return kept
    },
    remove(submitKey) {
      const others = (answers: readonly QueuedAnswer[]) =>
        answers.filter((one) => one.submitKey !== submitKey)
      inPage = others(inPage)
      const before = stored()
      const left = others(before)
      if (left.length < before.length && !store(left)) sent.add(submitKey)
    },
  }
}
