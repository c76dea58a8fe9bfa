import type { KioskScreen } from './kiosk-device.ts'

export interface KioskCoverWords {
  readonly thanks: string
  readonly thanksText: string
  readonly sending: string
  /** Neither kept on the device nor sent. */
  readonly unsent: string
  readonly unsentText: string
}

/** Says over the whole screen what became of the answers, until the next person's turn. */
export function KioskCover({
  screen,
  words,
}: {
  readonly screen: KioskScreen
  readonly words: KioskCoverWords
}) {
  if (screen === 'sending') {
    return (
      <div role="status" className="kiosk-cover">
        <p className="kiosk-cover-title">{words.sending}</p>
      </div>
    )
  }
  if (screen === 'thanks') {
    return (
      <div role="status" className="kiosk-cover">
        <p className="kiosk-cover-title">{words.thanks}</p>
        <p>{words.thanksText}</p>
      </div>
    )
  }
  if (screen === 'unsent') {
    return (
      <div role="alert" className="kiosk-cover" data-tone="bad">
        <p className="kiosk-cover-title">{words.unsent}</p>
        <p>{words.unsentText}</p>
      </div>
    )
  }
  return null
}
