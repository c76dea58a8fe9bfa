/** The mail hosts that most people of the city use. */
const WELL_KNOWN = [
  'gmail.com',
  'yahoo.com',
  'yahoo.com.vn',
  'outlook.com',
  'outlook.com.vn',
  'hotmail.com',
  'icloud.com',
  'live.com',
  'ymail.com',
] as const

/** Hosts that differ from a well-known one by a letter, and are correct. */
const RIGHT = ['mail.com', 'email.com', 'gmx.com', 'live.co', 'outlook.co', 'yahoo.co'] as const

/**
 * Returns the address that was probably meant if the host is one slip away from a well-known one (`gmial.com`), or null. The
 * person decides, because such a host may exist.
 */
export function suggestEmail(email: string): string | null {
  const at = email.lastIndexOf('@') + 1
  const host = email.slice(at).toLowerCase()
  const isRight = [...WELL_KNOWN, ...RIGHT].some((known) => known === host)
  if (at === 0 || isRight) return null
  const meant = WELL_KNOWN.find((known) => isOneSlip(host, known)) ?? byName(host)
  return meant === undefined ? null : email.slice(0, at) + meant
}

/** Returns `gmail.com` for `gmail` under any other ending, which has no mailboxes: `gmail.con`, `gmail.vn`. */
const byName = (host: string): string | undefined => (/^gmail\./.test(host) ? 'gmail.com' : undefined)

/** Checks whether one letter was left out, added, changed or swapped with its neighbour. */
function isOneSlip(typed: string, meant: string): boolean {
  if (typed === meant || Math.abs(typed.length - meant.length) > 1) return false
  let same = 0
  while (same < typed.length && typed[same] === meant[same]) same++
  const rest = (text: string, from: number) => text.slice(same + from)
  return (
    rest(typed, 1) === rest(meant, 1) ||
    rest(typed, 1) === rest(meant, 0) ||
    rest(typed, 0) === rest(meant, 1) ||
    (typed[same] === meant[same + 1] && typed[same + 1] === meant[same] && rest(typed, 2) === rest(meant, 2))
  )
}
